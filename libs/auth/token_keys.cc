#include "libs/auth/token_keys.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/secret.h"
#include "libs/status/macros.h"

namespace penstock::auth {
namespace {

constexpr std::string_view kPublicEnding = ".pub.pem";
constexpr std::string_view kPrivateEnding = ".pem";
constexpr size_t kMaxKeyIdBytes = 64;

// Names of the files of one kind, in order. Hidden ones are how Kubernetes switches a mounted
// volume.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& directory, bool of_public) {
  std::error_code error;
  std::filesystem::directory_iterator entries(directory, error);
  if (error) {
    return absl::NotFoundError(
        fmt::format("can't read the directory {}: {}", directory, error.message()));
  }
  std::vector<std::string> names;
  for (const std::filesystem::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || !name.ends_with(kPrivateEnding)) continue;
    if (name.ends_with(kPublicEnding) == of_public) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

absl::StatusOr<std::string> KeyIdOf(const std::string& name, std::string_view ending) {
  std::string kid = name.substr(0, name.size() - ending.size());
  if (IsKeyId(kid)) return kid;
  return absl::InvalidArgumentError(
      fmt::format("{} is not named for a key: 1 to 64 letters, digits, '-' and '_'", name));
}

absl::Status InFile(const absl::Status& status, const std::string& path) {
  return absl::InvalidArgumentError(fmt::format("{}: {}", path, std::string(status.message())));
}

}  // namespace

config::Declarations DeclareTokenSettings() {
  return {{.name = "PENSTOCK_TOKEN_KEY_DIR",
           .type = config::Type::kPath,
           .help = "Directory with the public keys that access tokens are verified with, one "
                   "<kid>.pub.pem each (Ed25519); read again every half minute."},
          {.name = "PENSTOCK_TOKEN_ISSUER",
           .type = config::Type::kString,
           .default_text = "penstock",
           .help = "Who issues access tokens (\"iss\"); the same for all services."}};
}

bool IsKeyId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxKeyIdBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

absl::StatusOr<VerificationKeys> ReadVerificationKeys(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(directory, /*of_public=*/true));
  VerificationKeys keys;
  for (const std::string& name : names) {
    const std::string path = directory + "/" + name;
    ASSIGN_OR_RETURN(std::string kid, KeyIdOf(name, kPublicEnding));
    ASSIGN_OR_RETURN(const crypto::Secret pem, crypto::ReadSecretFile(path));
    absl::StatusOr<crypto::Ed25519PublicKey> key = crypto::Ed25519PublicKey::FromPem(pem.Reveal());
    if (!key.ok()) return InFile(key.status(), path);
    keys.emplace(std::move(kid), *std::move(key));
  }
  if (keys.empty()) {
    return absl::NotFoundError(fmt::format("there is no <kid>.pub.pem in {}", directory));
  }
  return keys;
}

absl::StatusOr<SigningKey> ReadSigningKey(const std::string& directory,
                                          const VerificationKeys& known) {
  ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(directory, /*of_public=*/false));
  std::ranges::reverse(names);
  for (const std::string& name : names) {
    const std::string path = directory + "/" + name;
    ASSIGN_OR_RETURN(std::string kid, KeyIdOf(name, kPrivateEnding));
    ASSIGN_OR_RETURN(const crypto::Secret pem, crypto::ReadSecretFile(path));
    absl::StatusOr<crypto::Ed25519PrivateKey> key =
        crypto::Ed25519PrivateKey::FromPem(pem.Reveal());
    if (!key.ok()) return InFile(key.status(), path);
    auto published = known.find(kid);
    if (published == known.end() || published->second != key->public_key()) continue;
    return SigningKey{std::move(kid), *std::move(key)};
  }
  return absl::FailedPreconditionError(fmt::format(
      "there is no <kid>.pem in {} whose public key is among the known ones", directory));
}

std::string JwksOf(const VerificationKeys& keys) {
  nlohmann::ordered_json jwks = {{"keys", nlohmann::ordered_json::array()}};
  for (const auto& [kid, key] : keys) {
    jwks["keys"].push_back({{"kty", "OKP"},
                            {"crv", "Ed25519"},
                            {"kid", kid},
                            {"x", crypto::Base64UrlEncode(key.bytes())},
                            {"use", "sig"},
                            {"alg", "EdDSA"}});
  }
  return jwks.dump();
}

TokenKeyring::TokenKeyring(std::string directory, std::string signing_directory)
    : directory_(std::move(directory)), signing_directory_(std::move(signing_directory)) {}

TokenKeyring::TokenKeyring(VerificationKeys verification, std::shared_ptr<const SigningKey> signing)
    : verification_(std::make_shared<const VerificationKeys>(std::move(verification))),
      signing_(std::move(signing)) {}

absl::StatusOr<std::unique_ptr<TokenKeyring>> TokenKeyring::Open(std::string directory,
                                                                 std::string signing_directory) {
  std::unique_ptr<TokenKeyring> keyring(
      new TokenKeyring(std::move(directory), std::move(signing_directory)));
  RETURN_IF_ERROR(keyring->Reload());
  return keyring;
}

absl::Status TokenKeyring::Reload() {
  ASSIGN_OR_RETURN(VerificationKeys verification, ReadVerificationKeys(directory_));
  std::shared_ptr<const SigningKey> signing;
  if (!signing_directory_.empty()) {
    ASSIGN_OR_RETURN(SigningKey key, ReadSigningKey(signing_directory_, verification));
    signing = std::make_shared<const SigningKey>(std::move(key));
  }
  absl::MutexLock lock(&mutex_);
  verification_ = std::make_shared<const VerificationKeys>(std::move(verification));
  signing_ = std::move(signing);
  return absl::OkStatus();
}

std::shared_ptr<const VerificationKeys> TokenKeyring::verification() const {
  absl::MutexLock lock(&mutex_);
  return verification_;
}

std::shared_ptr<const SigningKey> TokenKeyring::signing() const {
  absl::MutexLock lock(&mutex_);
  return signing_;
}

}  // namespace penstock::auth
