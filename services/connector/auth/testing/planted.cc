#include "services/connector/auth/testing/planted.h"

#include <sstream>

#include "libs/crypto/encoding.h"
#include "libs/crypto/testing/keys.h"

namespace penstock::connector {
namespace {

std::string AlgorithmOf(const Json& config) {
  if (config.contains("jwt")) return config["jwt"].value("algorithm", "RS256");
  return config.value("algorithm", "RS256");
}

std::string PrivateKeyFor(const AuthStrategy& strategy, const Json& config) {
  const std::string algorithm = AlgorithmOf(config);
  if (strategy.type() == "mtls" || algorithm == "ES256") return crypto::TestP256Key();
  return algorithm == "EdDSA" ? crypto::TestEd25519Key() : crypto::TestRsaKey();
}

std::string Plant(const std::string& field, const Json& config) {
  const std::string value = "PLANTED-" + field + "-7f3a9c";
  const std::string encoding = config.value("key_encoding", "raw");
  if (encoding == "hex") return crypto::HexEncode(value);
  return encoding == "base64" ? crypto::Base64Encode(value) : value;
}

}  // namespace

Secrets PlantSecrets(const AuthStrategy& strategy, const Json& config, absl::Time now) {
  Secrets secrets;
  for (const SecretField& field : strategy.secret_fields(config)) {
    if (field.name == "private_key") {
      secrets[field.name] = PrivateKeyFor(strategy, config);
    } else if (field.name == "certificate") {
      secrets[field.name] = crypto::TestCertificate(PrivateKeyFor(strategy, config),
                                                    now - absl::Hours(1), now + absl::Hours(1));
    } else {
      secrets[field.name] = Plant(field.name, config);
    }
  }
  if (strategy.token_need(config) == TokenNeed::kGrant) {
    secrets["access_token"] = Plant("access_token", config);
  }
  return secrets;
}

std::vector<std::string> NeedlesOf(const Secrets& secrets) {
  std::vector<std::string> needles;
  for (const auto& [field, value] : secrets) {
    std::istringstream lines(value);
    for (std::string line; std::getline(lines, line);) {
      if (line.size() > 12 && line.rfind("-----", 0) != 0) needles.push_back(line);
    }
  }
  return needles;
}

std::string Described(const egress::HttpRequest& request) {
  std::string text = request.method + " " + request.url + "\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
  text += "\n" + request.body;
  if (request.client_identity != nullptr) {
    text += "\n" + request.client_identity->certificate_chain + "\n" +
            std::string(request.client_identity->private_key.Reveal());
  }
  return text;
}

}  // namespace penstock::connector
