#include "libs/auth/testing_token_keys.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "libs/testing/check.h"

namespace penstock::auth {
namespace {

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) testing::Fail("write a token key", path);
}

}  // namespace

std::unique_ptr<TokenKeyring> MakeTestKeyring(const std::string& kid) {
  SigningKey signing{kid, crypto::Ed25519PrivateKey::Random()};
  VerificationKeys keys;
  keys.emplace(kid, signing.key.public_key());
  return std::make_unique<TokenKeyring>(std::move(keys),
                                        std::make_shared<const SigningKey>(std::move(signing)));
}

void WriteTokenKeys(const std::string& directory, const std::string& signing_directory,
                    const std::string& kid) {
  std::filesystem::create_directories(directory);
  std::filesystem::create_directories(signing_directory);
  const crypto::Ed25519PrivateKey key = crypto::Ed25519PrivateKey::Random();
  WriteFile(directory + "/" + kid + ".pub.pem", key.public_key().ToPem());
  WriteFile(signing_directory + "/" + kid + ".pem", key.ToPem());
}

}  // namespace penstock::auth
