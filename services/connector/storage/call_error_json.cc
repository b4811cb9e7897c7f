#include "services/connector/storage/call_error_json.h"

#include "nlohmann/json.hpp"

namespace penstock::connector::storage {

using Json = nlohmann::json;

std::string ToJson(const CallError& error) {
  return Json{{"reason", error.reason},
              {"message", error.message},
              {"http_status", error.http_status},
              {"at", absl::ToUnixMicros(error.at)}}
      .dump();
}

std::optional<CallError> CallErrorFrom(const std::optional<std::string>& json) {
  if (!json) return std::nullopt;
  const Json read = Json::parse(*json, nullptr, /*allow_exceptions=*/false);
  if (!read.is_object()) return std::nullopt;
  return CallError{.reason = read.value("reason", ""),
                   .message = read.value("message", ""),
                   .http_status = read.value("http_status", 0),
                   .at = absl::FromUnixMicros(read.value("at", int64_t{0}))};
}

}  // namespace penstock::connector::storage
