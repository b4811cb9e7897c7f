#include "libs/crypto/sealer.h"

#include <sodium.h>

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/random.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::crypto {
namespace {

constexpr char kVersion = 1;
constexpr size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kKeyIdBytes = 8;
constexpr size_t kHeaderBytes = 1 + kKeyIdBytes + kNonceBytes;

const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// One-way, and separated from every other use of the key by its label.
std::string KeyIdOf(const Secret& key) {
  return HmacSha256(key.Reveal(), "penstock sealer key id").substr(0, kKeyIdBytes);
}

// The header is authenticated too, so that version and key id can't be exchanged.
std::string Authenticated(std::string_view header, std::string_view associated) {
  return fmt::format("{}{}", header, associated);
}

absl::Status CheckAssociated(std::string_view associated) {
  if (!associated.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("sealing needs associated data");
}

}  // namespace

Sealer::Sealer(Secret key) : key_(std::move(key)), key_id_(KeyIdOf(key_)) {}

absl::StatusOr<Sealer> Sealer::Create(Secret key) {
  if (sodium_init() < 0) return absl::InternalError("libsodium does not start");
  if (key.size() != kKeyBytes) {
    return absl::InvalidArgumentError(
        fmt::format("a root key has {} bytes, not {}", kKeyBytes, key.size()));
  }
  return Sealer(std::move(key));
}

absl::StatusOr<Sealer> Sealer::FromFile(const std::string& path) {
  ASSIGN_OR_RETURN(Secret raw, ReadSecretFileRaw(path));
  // Before trimming: a byte of a raw key may look like white space.
  if (raw.size() == kKeyBytes) return Create(std::move(raw));
  ASSIGN_OR_RETURN(const Secret text, ReadSecretFile(path));
  absl::StatusOr<Sealer> sealer = FromText(text);
  return sealer.ok() ? std::move(sealer) : WithContext(sealer.status(), path);
}

absl::StatusOr<Sealer> Sealer::FromText(const Secret& text) {
  if (text.size() == kKeyBytes) return Create(Secret(text.Reveal()));
  std::optional<std::string> decoded = Base64Decode(text.Reveal());
  if (!decoded || decoded->size() != kKeyBytes) {
    if (decoded) Wipe(*decoded);
    return absl::InvalidArgumentError(
        fmt::format("the root key is neither {} bytes nor their base64", kKeyBytes));
  }
  Secret key(*decoded);
  Wipe(*decoded);
  return Create(std::move(key));
}

absl::StatusOr<std::string> Sealer::Seal(std::string_view plaintext,
                                         std::string_view associated) const {
  RETURN_IF_ERROR(CheckAssociated(associated));
  std::string sealed = fmt::format("{}{}{}", kVersion, key_id_, RandomBytes(kNonceBytes));
  std::string authenticated = Authenticated(sealed, associated);
  sealed.resize(kHeaderBytes + plaintext.size() + kTagBytes);
  auto* out = reinterpret_cast<unsigned char*>(sealed.data());
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      out + kHeaderBytes, nullptr, Data(plaintext), plaintext.size(), Data(authenticated),
      authenticated.size(), nullptr, out + 1 + kKeyIdBytes, Data(key_.Reveal()));
  return sealed;
}

absl::StatusOr<Secret> Sealer::Open(std::string_view sealed, std::string_view associated) const {
  RETURN_IF_ERROR(CheckAssociated(associated));
  if (sealed.size() < kHeaderBytes + kTagBytes || sealed[0] != kVersion) {
    return absl::InvalidArgumentError("not a sealed value of a known version");
  }
  if (sealed.substr(1, kKeyIdBytes) != key_id_) {
    return WithReason(absl::FailedPreconditionError("sealed with another key"), "UNKNOWN_KEY",
                      {{"key_id", HexEncode(sealed.substr(1, kKeyIdBytes))}});
  }
  std::string_view ciphertext = sealed.substr(kHeaderBytes);
  std::string authenticated = Authenticated(sealed.substr(0, kHeaderBytes), associated);
  Secret plaintext = Secret::Random(ciphertext.size() - kTagBytes);
  auto* out = reinterpret_cast<unsigned char*>(const_cast<char*>(plaintext.Reveal().data()));
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          out, nullptr, nullptr, Data(ciphertext), ciphertext.size(), Data(authenticated),
          authenticated.size(), Data(sealed) + 1 + kKeyIdBytes, Data(key_.Reveal())) != 0) {
    return absl::DataLossError("a sealed value does not open here: it was changed or moved");
  }
  return plaintext;
}

}  // namespace penstock::crypto
