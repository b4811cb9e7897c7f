#include "libs/crypto/random.h"

#include <sodium.h>

namespace penstock::crypto {

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace penstock::crypto
