#include "libs/crypto/testing/keys.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>

#include "libs/testing/check.h"

namespace penstock::crypto {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

Key Own(EVP_PKEY* key) {
  if (key == nullptr) testing::Fail("test key", "OpenSSL refuses it");
  return Key(key, EVP_PKEY_free);
}

Bio NewBio() { return Bio(BIO_new(BIO_s_mem()), BIO_free); }

std::string TextOf(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string PemOf(const Key& key) {
  const Bio bio = NewBio();
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(bio);
}

Bio Reading(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
}

Key PrivateOf(std::string_view pem) {
  return Own(PEM_read_bio_PrivateKey(Reading(pem).get(), nullptr, nullptr, nullptr));
}

const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// r and s in the DER that OpenSSL verifies.
std::string DerOf(std::string_view signature) {
  ECDSA_SIG* parts = ECDSA_SIG_new();
  const int half = static_cast<int>(signature.size() / 2);
  ECDSA_SIG_set0(parts, BN_bin2bn(Data(signature), half, nullptr),
                 BN_bin2bn(Data(signature) + half, half, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parts, &der);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  ECDSA_SIG_free(parts);
  return bytes;
}

}  // namespace

const std::string& TestRsaKey() {
  static const std::string& pem = *new std::string(NewTestRsaKey(2048));
  return pem;
}

const std::string& TestP256Key() {
  static const std::string& pem = *new std::string(PemOf(Own(EVP_EC_gen("prime256v1"))));
  return pem;
}

const std::string& TestP384Key() {
  static const std::string& pem = *new std::string(PemOf(Own(EVP_EC_gen("secp384r1"))));
  return pem;
}

const std::string& TestEd25519Key() {
  static const std::string& pem =
      *new std::string(PemOf(Own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"))));
  return pem;
}

std::string NewTestRsaKey(int bits) { return PemOf(Own(EVP_RSA_gen(static_cast<unsigned>(bits)))); }

std::string PublicKeyOf(std::string_view private_pem) {
  const Bio bio = NewBio();
  PEM_write_bio_PUBKEY(bio.get(), PrivateOf(private_pem).get());
  return TextOf(bio);
}

std::string TestCertificate(std::string_view private_pem, absl::Time not_before,
                            absl::Time not_after) {
  const Key key = PrivateOf(private_pem);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(not_after));
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, Data("client.example.com"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const bool is_ed25519 = EVP_PKEY_is_a(key.get(), "ED25519");
  if (X509_sign(certificate.get(), key.get(), is_ed25519 ? nullptr : EVP_sha256()) == 0) {
    testing::Fail("test certificate", "OpenSSL can't sign it");
  }
  const Bio bio = NewBio();
  PEM_write_bio_X509(bio.get(), certificate.get());
  return TextOf(bio);
}

bool VerifySha256(std::string_view public_pem, std::string_view message,
                  std::string_view signature) {
  const Key key = Own(PEM_read_bio_PUBKEY(Reading(public_pem).get(), nullptr, nullptr, nullptr));
  const std::string bytes =
      EVP_PKEY_is_a(key.get(), "EC") ? DerOf(signature) : std::string(signature);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Data(bytes), bytes.size(), Data(message),
                          message.size()) == 1;
}

}  // namespace penstock::crypto
