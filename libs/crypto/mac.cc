#include "libs/crypto/mac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace penstock::crypto {
namespace {

const EVP_MD* DigestOf(MacDigest digest) {
  switch (digest) {
    case MacDigest::kSha1:
      return EVP_sha1();
    case MacDigest::kSha256:
      return EVP_sha256();
    case MacDigest::kSha512:
      return EVP_sha512();
  }
  std::abort();
}

}  // namespace

std::string Hmac(MacDigest digest, std::string_view key, std::string_view data) {
  unsigned char code[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  // A null key would mean the one of the call before.
  const void* bytes = key.data() == nullptr ? "" : key.data();
  if (HMAC(DigestOf(digest), bytes, static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), code,
           &size) == nullptr) {
    std::abort();  // out of memory: nothing sensible can follow
  }
  return std::string(reinterpret_cast<char*>(code), size);
}

}  // namespace penstock::crypto
