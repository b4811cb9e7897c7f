// What a process shows Vault to get a token.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"

namespace penstock::secrets::vault {

// Reads a credential anew: files change while a process runs.
using Load = std::function<absl::StatusOr<crypto::Secret>()>;

// What is sent, and which parts of it no message may repeat.
struct Credential {
  crypto::Secret text;  // a token, or the JSON body of a login
  std::vector<crypto::Secret> parts;
};

struct LogIn {
  std::string method;  // "token", "AppRole", "Kubernetes": for messages
  std::string path;    // "auth/approle/login"; empty: the credential is the token
  std::function<absl::StatusOr<Credential>()> load;
};

LogIn WithToken(Load token);
LogIn WithAppRole(std::string_view mount, std::string role_id, Load secret_id);
LogIn WithKubernetes(std::string_view mount, std::string role, Load jwt);

}  // namespace penstock::secrets::vault
