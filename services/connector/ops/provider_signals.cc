#include "services/connector/ops/provider_signals.h"

#include <string>

#include "google/protobuf/util/json_util.h"
#include "libs/log/log.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {

ResponseSignals SignalsOf(const connector::v1::Provider& provider) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(provider.rate_limit(), &text, options).ok()) {
    return {};
  }
  absl::StatusOr<ResponseSignals> signals = ParseSignals(nlohmann::json::parse(text));
  if (signals.ok()) return *std::move(signals);
  log::Warning("a provider's rate_limit can't be understood",
               {{"provider", provider.id()}, {"status", signals.status()}});
  return {};
}

}  // namespace penstock::connector
