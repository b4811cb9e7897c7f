#include "libs/crypto/private_key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <climits>

#include "libs/status/macros.h"

namespace penstock::crypto {
namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kP256Bytes = 32;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

// Instead of asking whoever sits at the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

bool IsP256(EVP_PKEY* key) {
  char group[64] = {};
  size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof(group), &size) &&
         std::string_view(group, size) == "prime256v1";
}

const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Data(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// In the form that OpenSSL gives it.
absl::StatusOr<std::string> SignSha256(EVP_PKEY* key, std::string_view message) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  size_t size = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, Data(message), message.size()) == 1) {
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), Data(signature), &size, Data(message), message.size()) == 1) {
      signature.resize(size);
      return signature;
    }
  }
  ERR_clear_error();
  return absl::InternalError("OpenSSL can't sign with the key");
}

}  // namespace

void PrivateKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

absl::StatusOr<PrivateKey> PrivateKey::FromPem(std::string_view pem) {
  if (pem.find("ENCRYPTED") != pem.npos) {
    return absl::InvalidArgumentError("is encrypted: it must be given without a passphrase");
  }
  if (pem.size() > INT_MAX) return absl::InvalidArgumentError("is too long for a private key");
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, NoPassphrase, nullptr);
  BIO_free(bio);
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("is not a private key in PEM");
  return PrivateKey(key);
}

absl::StatusOr<std::string> PrivateKey::SignRsaSha256(std::string_view message) const {
  if (!EVP_PKEY_is_a(raw(), "RSA")) return absl::InvalidArgumentError("is not an RSA key");
  if (EVP_PKEY_get_bits(raw()) < kMinRsaBits) {
    return absl::InvalidArgumentError("is an RSA key of fewer than 2,048 bits");
  }
  return SignSha256(raw(), message);
}

absl::StatusOr<std::string> PrivateKey::SignP256Sha256(std::string_view message) const {
  if (!IsP256(raw())) return absl::InvalidArgumentError("is not a key of the curve P-256");
  ASSIGN_OR_RETURN(const std::string der, SignSha256(raw(), message));
  const unsigned char* at = Data(std::string_view(der));
  const std::unique_ptr<ECDSA_SIG, FreeSignature> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string bytes(2 * kP256Bytes, '\0');
  if (signature == nullptr ||
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), Data(bytes), kP256Bytes) != kP256Bytes ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), Data(bytes) + kP256Bytes, kP256Bytes) !=
          kP256Bytes) {
    ERR_clear_error();
    return absl::InternalError("OpenSSL made no ECDSA signature");
  }
  return bytes;
}

}  // namespace penstock::crypto
