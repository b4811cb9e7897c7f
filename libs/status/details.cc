#include "libs/status/details.h"

#include <optional>

#include "absl/strings/cord.h"
#include "fmt/format.h"

namespace penstock {
namespace {

template <typename Message>
std::string TypeUrl() {
  return fmt::format("type.googleapis.com/{}", Message::descriptor()->full_name());
}

template <typename Message>
void SetDetail(absl::Status& status, const Message& message) {
  status.SetPayload(TypeUrl<Message>(), absl::Cord(message.SerializeAsString()));
}

template <typename Message>
std::optional<Message> GetDetail(const absl::Status& status) {
  absl::optional<absl::Cord> payload = status.GetPayload(TypeUrl<Message>());
  Message message;
  if (!payload || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

}  // namespace

absl::Status InvalidField(std::string_view field, std::string_view description) {
  return BadRequest({{std::string(field), std::string(description)}});
}

absl::Status BadRequest(const std::vector<FieldViolation>& violations) {
  if (violations.empty()) return absl::InvalidArgumentError("invalid request");
  std::string message = fmt::format("{}: {}", violations[0].field, violations[0].description);
  if (violations.size() > 1) message += fmt::format(" (and {} more)", violations.size() - 1);
  absl::Status status = absl::InvalidArgumentError(message);
  google::rpc::BadRequest detail;
  for (const FieldViolation& violation : violations) {
    auto* added = detail.add_field_violations();
    added->set_field(violation.field);
    added->set_description(violation.description);
  }
  SetDetail(status, detail);
  return status;
}

absl::Status WithReason(absl::Status status, std::string_view reason,
                        const std::map<std::string, std::string>& metadata) {
  if (status.ok()) return status;
  google::rpc::ErrorInfo detail;
  detail.set_reason(std::string(reason));
  detail.set_domain("penstock");
  detail.mutable_metadata()->insert(metadata.begin(), metadata.end());
  SetDetail(status, detail);
  return status;
}

absl::Status WithRetryAfter(absl::Status status, absl::Duration delay) {
  if (status.ok()) return status;
  google::rpc::RetryInfo detail;
  int64_t nanos = absl::ToInt64Nanoseconds(delay);
  detail.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
  detail.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  SetDetail(status, detail);
  return status;
}

absl::Status WithContext(absl::Status status, std::string_view context) {
  if (status.ok()) return status;
  absl::Status result(status.code(), fmt::format("{}: {}", context, std::string(status.message())));
  status.ForEachPayload([&result](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

std::string ReasonOf(const absl::Status& status) {
  auto detail = GetDetail<google::rpc::ErrorInfo>(status);
  return detail ? detail->reason() : "";
}

std::string MetadataOf(const absl::Status& status, std::string_view key) {
  auto detail = GetDetail<google::rpc::ErrorInfo>(status);
  if (!detail) return "";
  auto found = detail->metadata().find(std::string(key));
  return found == detail->metadata().end() ? "" : found->second;
}

absl::Duration RetryAfterOf(const absl::Status& status) {
  auto detail = GetDetail<google::rpc::RetryInfo>(status);
  if (!detail) return absl::ZeroDuration();
  return absl::Seconds(detail->retry_delay().seconds()) +
         absl::Nanoseconds(detail->retry_delay().nanos());
}

std::vector<FieldViolation> ViolationsOf(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  if (auto detail = GetDetail<google::rpc::BadRequest>(status)) {
    for (const auto& violation : detail->field_violations()) {
      violations.push_back({violation.field(), violation.description()});
    }
  }
  return violations;
}

}  // namespace penstock
