// How requests to a third party are authenticated: one strategy for each auth_type, a folder each,
// listed in builtin.cc. A strategy is pure: config and credentials in, a changed request out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/connector/credentials/credentials.h"

namespace penstock::connector {

using Json = nlohmann::json;

// A secret that a connector holds beside its config.
struct SecretField {
  std::string name;  // "api_key"
  std::string description;
  bool required = true;
};

// Where the access token of a request comes from.
enum class TokenNeed {
  kNone,   // the connector's own secrets are all it takes
  kGrant,  // credentials hold "access_token", which services/connector/oauth gets and keeps fresh
};

class AuthStrategy {
 public:
  virtual ~AuthStrategy() = default;

  // The auth_type: "api_key".
  virtual std::string_view type() const = 0;
  virtual std::string_view description() const = 0;
  // JSON Schema (draft 7) of auth_config. Secrets have no place in it.
  virtual const Json& config_schema() const = 0;
  // What the schema can't say. `config` has passed it; fields are relative to it ("token_url").
  virtual void Check(const Json& config, std::vector<FieldViolation>& wrong) const {
    (void)config, (void)wrong;
  }
  // Of a connector with this config.
  virtual std::vector<SecretField> secret_fields(const Json& config) const = 0;
  virtual TokenNeed token_need(const Json&) const { return TokenNeed::kNone; }
  // Members of config that decide where secrets go, beside the base URL ("token_url"): changing one
  // asks for the secrets anew.
  virtual std::vector<std::string> destinations(const Json&) const { return {}; }

  // Adds to a request that is complete but for this: headers, query, signature, client certificate.
  // Nothing of `credentials` gets into an error. The same call with placeholders for credentials is
  // what a dry run shows.
  virtual absl::Status Authenticate(const Json& config, const Credentials& credentials,
                                    absl::Time now, egress::HttpRequest& request) const = 0;
};

}  // namespace penstock::connector
