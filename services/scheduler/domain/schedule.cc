#include "services/scheduler/domain/schedule.h"

#include <array>
#include <utility>

#include "fmt/format.h"

namespace penstock::scheduler {
namespace {

// In the order of the enumerators.
template <typename Value>
struct Names;

template <>
struct Names<Overlap> {
  static constexpr std::array<std::string_view, 6> kAll{
      "skip", "buffer_one", "buffer_all", "cancel_other", "terminate_other", "allow_all"};
};
template <>
struct Names<CatchUp> {
  static constexpr std::array<std::string_view, 4> kAll{"none", "last", "all", "window"};
};
template <>
struct Names<Status> {
  static constexpr std::array<std::string_view, 3> kAll{"active", "paused", "completed"};
};
template <>
struct Names<Origin> {
  static constexpr std::array<std::string_view, 3> kAll{"schedule", "backfill", "run_now"};
};
template <>
struct Names<RunState> {
  static constexpr std::array<std::string_view, 9> kAll{
      "pending",   "buffered",  "running", "completed", "failed",
      "cancelled", "timed_out", "skipped", "terminated"};
};
template <>
struct Names<Stop> {
  static constexpr std::array<std::string_view, 3> kAll{"none", "cancel", "terminate"};
};

template <typename Value>
std::string_view NameOf(Value value) {
  return Names<Value>::kAll[static_cast<size_t>(value)];
}

}  // namespace

std::string_view Name(Overlap value) { return NameOf(value); }
std::string_view Name(CatchUp value) { return NameOf(value); }
std::string_view Name(Status value) { return NameOf(value); }
std::string_view Name(Origin value) { return NameOf(value); }
std::string_view Name(RunState value) { return NameOf(value); }
std::string_view Name(Stop value) { return NameOf(value); }

template <typename Value>
std::optional<Value> FromName(std::string_view name) {
  const auto& names = Names<Value>::kAll;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Value>(i);
  }
  return std::nullopt;
}

template std::optional<Overlap> FromName(std::string_view name);
template std::optional<CatchUp> FromName(std::string_view name);
template std::optional<Status> FromName(std::string_view name);
template std::optional<Origin> FromName(std::string_view name);
template std::optional<RunState> FromName(std::string_view name);
template std::optional<Stop> FromName(std::string_view name);

std::string StartKey(ScheduleId schedule, absl::Time nominal, std::string_view node_id) {
  return fmt::format("schedule/{}/{}/{}", schedule.ToString(), absl::ToUnixMicros(nominal),
                     node_id);
}

}  // namespace penstock::scheduler
