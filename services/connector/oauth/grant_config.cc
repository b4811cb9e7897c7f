#include "services/connector/oauth/grant_config.h"

#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "services/connector/oauth/token_times.h"

namespace penstock::connector {

absl::StatusOr<OAuth2Config> ParseOAuth2Config(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return absl::InternalError("a stored auth_config can't be read");
  return OAuth2Config::FromJson(json);
}

absl::StatusOr<OAuth2Config> ReadConfig(const Grant& grant) {
  ASSIGN_OR_RETURN(OAuth2Config config, ParseOAuth2Config(grant.config));
  if (!IsUnattended(config)) return config;
  return ParseOAuth2Config(grant.connector_config);
}

}  // namespace penstock::connector
