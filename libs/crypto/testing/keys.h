// Keys and certificates of other people's systems, made up for a test.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace penstock::crypto {

// PKCS#8 in PEM, as `openssl genpkey` writes it. Made once for each process: RSA takes its time.
const std::string& TestRsaKey();   // 2,048 bits
const std::string& TestP256Key();  // prime256v1
const std::string& TestP384Key();  // secp384r1
const std::string& TestEd25519Key();
std::string NewTestRsaKey(int bits);

std::string PublicKeyOf(std::string_view private_pem);  // SPKI in PEM

// Self-signed.
std::string TestCertificate(std::string_view private_pem, absl::Time not_before,
                            absl::Time not_after);

// Whether `signature` is the SHA-256 signature of `message`; of a P-256 key r and s, 32 bytes each.
bool VerifySha256(std::string_view public_pem, std::string_view message,
                  std::string_view signature);

}  // namespace penstock::crypto
