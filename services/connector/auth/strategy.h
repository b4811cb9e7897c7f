// How requests to a third party are authenticated: one strategy for each auth_type, a folder each,
// listed in builtin.cc. A strategy is pure: config and credentials in, a changed request out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/connector/auth/writing.h"
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

// What a request is authenticated with.
struct AuthInputs {
  const Json& config;  // the connector's auth_config; has passed the strategy's schema and Check
  const Json& data;    // its config_data
  const Credentials& credentials;
  absl::Time now;
  // 32 hexadecimal digits that were never used before; some signatures have it in them.
  std::string nonce;
  // kShown: `credentials` are placeholders (placeholders.h), and what would be computed of them
  // is a placeholder too.
  Writing writing = Writing::kSent;
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
  // Members that config_data must have for it.
  virtual std::vector<std::string> data_fields(const Json&) const { return {}; }
  virtual TokenNeed token_need(const Json&) const { return TokenNeed::kNone; }
  // Members of config that decide where secrets go, beside the base URL ("token_url"): changing one
  // asks for the secrets anew.
  virtual std::vector<std::string> destinations(const Json&) const { return {}; }

  // Adds to a request that is complete but for this: headers, query, signature, client certificate;
  // never another scheme, host or port. Nothing of the credentials gets into an error:
  // FAILED_PRECONDITION with reason CREDENTIAL_MISSING, CREDENTIAL_INVALID or CREDENTIAL_EXPIRED
  // and the name of the secret as metadata "field"; CONFIG_DATA_MISSING or CONFIG_DATA_INVALID for
  // a member of config_data; INVALID_ARGUMENT for a request that can't be authenticated.
  virtual absl::Status Authenticate(const AuthInputs& inputs,
                                    egress::HttpRequest& request) const = 0;

  // Whether credentials that were just entered can be used, as far as that shows without sending
  // them: a key that is none, a certificate of another key. Errors as above.
  virtual absl::Status Examine(const AuthInputs& inputs) const = 0;

  // When a secret ends by itself, as it says: a certificate. None when it doesn't say or can't be
  // read.
  virtual std::optional<absl::Time> ExpiryOf(std::string_view field, std::string_view value) const {
    (void)field, (void)value;
    return std::nullopt;
  }
};

}  // namespace penstock::connector
