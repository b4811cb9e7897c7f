#include "services/workflow_engine/engine/changes.h"

#include <array>
#include <utility>

namespace penstock::workflow_engine {
namespace {

constexpr std::array<std::pair<HeldBy, std::string_view>, 5> kHolders{{
    {HeldBy::kLease, "lease"},
    {HeldBy::kTimer, "timer"},
    {HeldBy::kToken, "token"},
    {HeldBy::kQueue, "queue"},
    {HeldBy::kSignal, "signal"},
}};

template <typename Table, typename Enum>
std::string_view NameIn(const Table& table, Enum value) {
  for (const auto& [candidate, name] : table) {
    if (candidate == value) return name;
  }
  return "";
}

}  // namespace

std::string_view HeldByName(HeldBy held_by) { return NameIn(kHolders, held_by); }

std::string_view TimerPurposeName(TimerPurpose purpose) {
  return purpose == TimerPurpose::kNode ? "node" : "execution_timeout";
}

}  // namespace penstock::workflow_engine
