// Makes JSON Web Tokens that other systems verify: assertions for their token endpoints, tokens
// that their APIs take as they are. Penstock's own access tokens are libs/auth's.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/jwt/algorithm.h"
#include "nlohmann/json.hpp"

namespace penstock::jwt {

class Signer {
 public:
  // `key` is a private key in PEM, for HS256 the bytes themselves, of which there must be some.
  // `key_id` becomes "kid" unless it is empty. INVALID_ARGUMENT says what is wrong with the key, to
  // follow its name in a sentence ("is not an RSA key"), and never holds any of it.
  static absl::StatusOr<Signer> Create(Algorithm algorithm, std::string_view key,
                                       std::string key_id = "");
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;
  ~Signer();

  // The compact form: header.claims.signature. `claims` is an object; members keep their order.
  std::string Sign(const nlohmann::ordered_json& claims) const;

  // The signature of a text (RFC 7515's signing input), not encoded.
  std::string SignatureOf(std::string_view signing_input) const;

 private:
  struct Key;
  Signer(Algorithm algorithm, std::string key_id, std::unique_ptr<Key> key);

  Algorithm algorithm_;
  std::string key_id_;
  std::unique_ptr<Key> key_;
};

}  // namespace penstock::jwt
