// Keys of access tokens for tests: in memory, or as the files that services read.
#pragma once

#include <memory>
#include <string>

#include "libs/auth/token_keys.h"

namespace penstock::auth {

// A keyring that signs with a new key called `kid` and knows no other.
std::unique_ptr<TokenKeyring> MakeTestKeyring(const std::string& kid = "test");

// Writes a new pair: <directory>/<kid>.pub.pem and <signing_directory>/<kid>.pem; makes the
// directories. Ends the process when it can't.
void WriteTokenKeys(const std::string& directory, const std::string& signing_directory,
                    const std::string& kid = "test");

}  // namespace penstock::auth
