#include "libs/crypto/aead.h"

#include <sodium.h>

#include <cstdint>
#include <cstdlib>

#include "libs/crypto/random.h"

namespace penstock::crypto {
namespace {

constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kAeadKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kAeadOverhead == kNonceBytes + kTagBytes);

const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void CheckKey(const Secret& key) {
  if (key.size() != kAeadKeyBytes) std::abort();
}

}  // namespace

std::string AeadSeal(const Secret& key, std::string_view plaintext, std::string_view associated) {
  CheckKey(key);
  std::string sealed = RandomBytes(kNonceBytes);
  sealed.resize(kNonceBytes + plaintext.size() + kTagBytes);
  auto* out = reinterpret_cast<unsigned char*>(sealed.data());
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonceBytes, nullptr, Data(plaintext),
                                             plaintext.size(), Data(associated), associated.size(),
                                             nullptr, out, Data(key.Reveal()));
  return sealed;
}

absl::StatusOr<Secret> AeadOpen(const Secret& key, std::string_view sealed,
                                std::string_view associated) {
  CheckKey(key);
  if (sealed.size() < kAeadOverhead) return absl::DataLossError("a sealed value is cut off");
  const std::string_view ciphertext = sealed.substr(kNonceBytes);
  Secret plaintext = Secret::Random(ciphertext.size() - kTagBytes);
  auto* out = reinterpret_cast<unsigned char*>(const_cast<char*>(plaintext.Reveal().data()));
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          out, nullptr, nullptr, Data(ciphertext), ciphertext.size(), Data(associated),
          associated.size(), Data(sealed), Data(key.Reveal())) != 0) {
    return absl::DataLossError("a sealed value does not open here: it was changed or moved");
  }
  return plaintext;
}

std::string JoinAssociated(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (std::string_view part : parts) {
    const auto size = static_cast<uint32_t>(part.size());
    for (int shift = 24; shift >= 0; shift -= 8) joined += static_cast<char>(size >> shift);
    joined += part;
  }
  return joined;
}

}  // namespace penstock::crypto
