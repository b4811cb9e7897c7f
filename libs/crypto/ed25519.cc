#include "libs/crypto/ed25519.h"

#include <sodium.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "libs/crypto/encoding.h"
#include "libs/status/macros.h"

namespace penstock::crypto {
namespace {

// A key of this kind is these bytes and then its own 32: the DER of RFC 8410 leaves nothing to
// choose, so nothing is parsed.
constexpr std::string_view kPrivateDer(
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
constexpr std::string_view kPublicDer("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view kPrivateBegin = "-----BEGIN PRIVATE KEY-----";
constexpr std::string_view kPrivateEnd = "-----END PRIVATE KEY-----";
constexpr std::string_view kPublicBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kPublicEnd = "-----END PUBLIC KEY-----";
constexpr size_t kSeedBytes = crypto_sign_SEEDBYTES;

const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Data(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// The 32 bytes of the key in a PEM file, whatever its line breaks.
std::optional<std::string> KeyIn(std::string_view pem, std::string_view begin, std::string_view end,
                                 std::string_view der) {
  const size_t first = pem.find(begin);
  if (first == std::string_view::npos) return std::nullopt;
  const size_t start = first + begin.size();
  const size_t stop = pem.find(end, start);
  if (stop == std::string_view::npos) return std::nullopt;
  std::string base64;
  for (char c : pem.substr(start, stop - start)) {
    if (c != '\n' && c != '\r' && c != ' ') base64 += c;
  }
  std::optional<std::string> bytes = Base64Decode(base64);
  Wipe(base64);
  std::optional<std::string> key;
  if (bytes && bytes->size() == der.size() + kSeedBytes && bytes->starts_with(der)) {
    key = bytes->substr(der.size());
  }
  if (bytes) Wipe(*bytes);
  return key;
}

std::string PemOf(std::string_view begin, std::string_view end, std::string_view der,
                  std::string_view key) {
  std::string bytes(der);
  bytes += key;
  std::string pem =
      std::string(begin) + "\n" + Base64Encode(bytes) + "\n" + std::string(end) + "\n";
  Wipe(bytes);
  return pem;
}

}  // namespace

absl::StatusOr<Ed25519PublicKey> Ed25519PublicKey::Create(std::string_view bytes) {
  if (sodium_init() < 0) std::abort();
  if (bytes.size() != crypto_sign_PUBLICKEYBYTES ||
      crypto_core_ed25519_is_valid_point(Data(bytes)) != 1) {
    return absl::InvalidArgumentError("not an Ed25519 public key");
  }
  return Ed25519PublicKey(bytes);
}

absl::StatusOr<Ed25519PublicKey> Ed25519PublicKey::FromPem(std::string_view pem) {
  std::optional<std::string> key = KeyIn(pem, kPublicBegin, kPublicEnd, kPublicDer);
  if (!key) return absl::InvalidArgumentError("not an Ed25519 public key in PEM");
  return Create(*key);
}

bool Ed25519PublicKey::Verify(std::string_view message, std::string_view signature) const {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(Data(signature), Data(message), message.size(),
                                     Data(std::string_view(bytes_))) == 0;
}

std::string Ed25519PublicKey::ToPem() const {
  return PemOf(kPublicBegin, kPublicEnd, kPublicDer, bytes_);
}

absl::StatusOr<Ed25519PrivateKey> Ed25519PrivateKey::Create(std::string_view seed) {
  if (sodium_init() < 0) std::abort();
  if (seed.size() != kSeedBytes) {
    return absl::InvalidArgumentError("an Ed25519 private key has 32 bytes");
  }
  std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(Data(public_key), Data(secret), Data(seed));
  Secret kept(secret);
  Wipe(secret);
  ASSIGN_OR_RETURN(Ed25519PublicKey checked, Ed25519PublicKey::Create(public_key));
  return Ed25519PrivateKey(std::move(kept), std::move(checked));
}

absl::StatusOr<Ed25519PrivateKey> Ed25519PrivateKey::FromPem(std::string_view pem) {
  std::optional<std::string> seed = KeyIn(pem, kPrivateBegin, kPrivateEnd, kPrivateDer);
  if (!seed) return absl::InvalidArgumentError("not an Ed25519 private key in PEM (PKCS#8)");
  absl::StatusOr<Ed25519PrivateKey> key = Create(*seed);
  Wipe(*seed);
  return key;
}

Ed25519PrivateKey Ed25519PrivateKey::Random() {
  return *Create(Secret::Random(kSeedBytes).Reveal());
}

std::string Ed25519PrivateKey::Sign(std::string_view message) const {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(Data(signature), nullptr, Data(message), message.size(),
                       Data(secret_.Reveal()));
  return signature;
}

std::string Ed25519PrivateKey::ToPem() const {
  return PemOf(kPrivateBegin, kPrivateEnd, kPrivateDer, secret_.Reveal().substr(0, kSeedBytes));
}

}  // namespace penstock::crypto
