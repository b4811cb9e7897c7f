#include "libs/log/log.h"

#include "absl/status/status.h"
#include "fmt/format.h"
#include "libs/log/current.h"
#include "libs/log/line.h"

namespace penstock::log {
namespace {

thread_local const ScopedIds::Ids* current_ids = nullptr;

std::string StatusText(const absl::Status& status) {
  if (status.ok()) return "OK";
  return fmt::format("{}: {}", absl::StatusCodeToString(status.code()),
                     std::string(status.message()));
}

}  // namespace

Field::Field(std::string_view name, absl::Duration value)
    : name_(name), value_(absl::ToDoubleSeconds(value)) {}
Field::Field(std::string_view name, absl::Time value)
    : name_(name), value_(absl::FormatTime(absl::RFC3339_full, value, absl::UTCTimeZone())) {}
Field::Field(std::string_view name, const Uuid& value) : name_(name), value_(value.ToString()) {}
Field::Field(std::string_view name, const absl::Status& value)
    : name_(name), value_(StatusText(value)) {}

bool IsOn(Level level) { return level >= CurrentLevel(); }

void Log(Level level, Message message, Fields fields) {
  if (!IsOn(level)) return;
  Write(level, FormatLine(absl::Now(), level, CurrentService(), message.text(), current_ids,
                          fields.begin(), fields.size()));
}

ScopedIds::ScopedIds(std::string_view trace_id, TenantId tenant_id, std::string_view request_id)
    : ids_{std::string(trace_id), tenant_id.is_nil() ? "" : tenant_id.ToString(),
           std::string(request_id)},
      outer_(current_ids) {
  current_ids = &ids_;
}

ScopedIds::~ScopedIds() { current_ids = outer_; }

}  // namespace penstock::log
