// What Vault's answers mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/secrets/vault/transport.h"

namespace penstock::secrets::vault {

// Whether another try may be answered otherwise: sealed, on standby, over a limit, broken for now.
bool MayPass(int status);

// "sealed", "a standby", ...: why a request was answered with such a status.
std::string_view Meaning(int status);

// Takes out what Vault says ("errors") where it repeats one of `credentials`, which were sent with
// the request: whatever is said ends in logs.
void Hush(Reply& reply, const std::vector<std::string_view>& credentials);

// What Vault says, on one line of at most 200 characters; empty when it says nothing.
std::string Words(const Reply& reply);

// "403: permission denied".
std::string Describe(const Reply& reply);

}  // namespace penstock::secrets::vault
