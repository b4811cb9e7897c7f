#include "services/connector/providers/provider_json.h"

#include "absl/status/status.h"
#include "google/protobuf/util/json_util.h"

namespace penstock::connector {

namespace util = google::protobuf::util;

absl::StatusOr<v1::Provider> ParseProvider(const std::string& text) {
  util::JsonParseOptions strict;
  strict.ignore_unknown_fields = false;
  v1::Provider provider;
  const util::Status parsed = util::JsonStringToMessage(text, &provider, strict);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError("is no provider in JSON: " + parsed.message().ToString());
  }
  return provider;
}

absl::StatusOr<std::string> ProviderToJson(const v1::Provider& provider) {
  util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!util::MessageToJsonString(provider, &text, options).ok()) {
    return absl::InvalidArgumentError("can't be written as JSON: is all its text UTF-8?");
  }
  return text;
}

}  // namespace penstock::connector
