#include "libs/jwt/signer.h"

#include <cstdlib>
#include <utility>
#include <variant>

#include "libs/crypto/ed25519.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/private_key.h"
#include "libs/crypto/secret.h"
#include "libs/status/macros.h"

namespace penstock::jwt {

struct Signer::Key {
  std::variant<crypto::Secret, crypto::Ed25519PrivateKey, crypto::PrivateKey> value;
};

namespace {

std::string Encoded(const nlohmann::ordered_json& json) {
  // What is no UTF-8 is replaced, not thrown.
  return crypto::Base64UrlEncode(
      json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

absl::StatusOr<std::string> SignWith(const crypto::PrivateKey& key, Algorithm algorithm,
                                     std::string_view text) {
  return algorithm == Algorithm::kRs256 ? key.SignRsaSha256(text) : key.SignP256Sha256(text);
}

}  // namespace

Signer::Signer(Algorithm algorithm, std::string key_id, std::unique_ptr<Key> key)
    : algorithm_(algorithm), key_id_(std::move(key_id)), key_(std::move(key)) {}
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;
Signer::~Signer() = default;

absl::StatusOr<Signer> Signer::Create(Algorithm algorithm, std::string_view key,
                                      std::string key_id) {
  if (algorithm == Algorithm::kHs256) {
    if (key.empty()) return absl::InvalidArgumentError("is empty");
    return Signer(algorithm, std::move(key_id), std::make_unique<Key>(Key{crypto::Secret(key)}));
  }
  if (algorithm == Algorithm::kEdDsa) {
    absl::StatusOr<crypto::Ed25519PrivateKey> parsed = crypto::Ed25519PrivateKey::FromPem(key);
    if (!parsed.ok()) return absl::InvalidArgumentError("is not an Ed25519 private key in PEM");
    return Signer(algorithm, std::move(key_id), std::make_unique<Key>(Key{*std::move(parsed)}));
  }
  ASSIGN_OR_RETURN(crypto::PrivateKey parsed, crypto::PrivateKey::FromPem(key));
  // Tells now whether it is of the algorithm's kind.
  RETURN_IF_ERROR(SignWith(parsed, algorithm, "").status());
  return Signer(algorithm, std::move(key_id), std::make_unique<Key>(Key{std::move(parsed)}));
}

std::string Signer::Sign(const nlohmann::ordered_json& claims) const {
  nlohmann::ordered_json header = {{"alg", std::string(AlgorithmName(algorithm_))}, {"typ", "JWT"}};
  if (!key_id_.empty()) header["kid"] = key_id_;
  std::string token = Encoded(header) + "." + Encoded(claims);
  const std::string signature = crypto::Base64UrlEncode(SignatureOf(token));
  return token + "." + signature;
}

std::string Signer::SignatureOf(std::string_view text) const {
  if (const auto* secret = std::get_if<crypto::Secret>(&key_->value)) {
    return crypto::HmacSha256(secret->Reveal(), text);
  }
  if (const auto* ed25519 = std::get_if<crypto::Ed25519PrivateKey>(&key_->value)) {
    return ed25519->Sign(text);
  }
  absl::StatusOr<std::string> signature =
      SignWith(std::get<crypto::PrivateKey>(key_->value), algorithm_, text);
  if (!signature.ok()) std::abort();  // it signed when it was read: out of memory
  return *std::move(signature);
}

}  // namespace penstock::jwt
