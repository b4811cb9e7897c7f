// How a JSON Web Token is signed (RFC 7518, RFC 8037). "none" is not among them.
#pragma once

#include <optional>
#include <string_view>

namespace penstock::jwt {

enum class Algorithm {
  kRs256,  // RSASSA-PKCS1-v1_5 with SHA-256
  kEs256,  // ECDSA on P-256 with SHA-256
  kEdDsa,  // Ed25519
  kHs256,  // HMAC with SHA-256
};

// "RS256", as in a token's header.
constexpr std::string_view AlgorithmName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kEdDsa:
      return "EdDSA";
    case Algorithm::kHs256:
      return "HS256";
  }
  return "";
}

constexpr std::optional<Algorithm> ParseAlgorithm(std::string_view name) {
  for (Algorithm algorithm :
       {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kHs256}) {
    if (AlgorithmName(algorithm) == name) return algorithm;
  }
  return std::nullopt;
}

}  // namespace penstock::jwt
