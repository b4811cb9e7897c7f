#include "services/connector/ops/from_provider.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "services/connector/providers/variables.h"

namespace penstock::connector {
namespace {

namespace v1 = connector::v1;
using Json = nlohmann::json;

absl::StatusOr<const v1::Provider::AuthMethod*> ChooseMethod(const v1::Provider& provider,
                                                             const std::string& auth_type) {
  if (auth_type.empty()) return &provider.auth(0);
  const auto found = std::ranges::find(provider.auth(), auth_type, &v1::Provider::AuthMethod::type);
  if (found != provider.auth().end()) return &*found;
  std::vector<std::string> known;
  for (const auto& method : provider.auth()) known.push_back(method.type());
  return InvalidField("connector.auth_type", fmt::format("{} takes {}", provider.display_name(),
                                                         fmt::join(known, " or ")));
}

}  // namespace

absl::Status FillFromProvider(const v1::Provider& provider,
                              const std::map<std::string, std::string>& variables,
                              Connector& connector) {
  if (!connector.service_name.empty() && connector.service_name != provider.id()) {
    return InvalidField("connector.service_name", "must be empty or the provider's id");
  }
  connector.service_name = provider.id();
  if (connector.display_name.empty()) connector.display_name = provider.display_name();
  ASSIGN_OR_RETURN(const VariableValues values, ResolveVariables(provider, variables));
  if (connector.base_url.empty() && !provider.base_url().empty()) {
    ASSIGN_OR_RETURN(connector.base_url, FillBaseUrl(provider, values));
  }
  ASSIGN_OR_RETURN(const v1::Provider::AuthMethod* method,
                   ChooseMethod(provider, connector.auth_type));
  connector.auth_type = method->type();
  ASSIGN_OR_RETURN(const google::protobuf::Struct filled,
                   FillAuthConfig(provider, *method, values));
  ASSIGN_OR_RETURN(const std::string text, json::FromProto(filled));
  Json config = Json::parse(text);
  config.update(Json::parse(connector.auth_config));
  connector.auth_config = config.dump();
  if (connector.allowed_hosts.empty()) {
    connector.allowed_hosts = {provider.hosts().begin(), provider.hosts().end()};
  }
  // Until there is a token, which says where the API is, calls fail for want of one.
  if (connector.base_url.empty() && !provider.base_url_from_token().empty()) {
    connector.base_url = config.value("token_url", "");
  }
  return absl::OkStatus();
}

}  // namespace penstock::connector
