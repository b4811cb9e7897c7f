// A root key that never leaves Vault (or OpenBao): each tenant key is wrapped and unwrapped there.
#pragma once

#include <memory>

#include "libs/secrets/vault/transit.h"
#include "services/connector/keys/root_key.h"

namespace penstock::connector {

std::unique_ptr<RootKey> CreateTransitRootKey(std::unique_ptr<secrets::vault::Transit> transit);

}  // namespace penstock::connector
