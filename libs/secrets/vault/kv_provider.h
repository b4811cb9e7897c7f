// Secrets as the keys of one secret of Vault's KV engine, version 2.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/secrets/provider.h"
#include "libs/secrets/vault/kv_document.h"
#include "libs/secrets/vault/session.h"

namespace penstock::secrets::vault {

// The secret is read at most once in `max_age`, failures too: a start that needs ten keys asks
// once, and waits for a Vault that is away once. Find: nothing when there is no such secret or no
// such key in it. FAILED_PRECONDITION when its version is deleted or destroyed, a value is no text
// or empty, or the engine is none of version 2; PERMISSION_DENIED, UNAVAILABLE as of Session::Get.
std::unique_ptr<Provider> CreateKvProvider(std::unique_ptr<Session> session, KvPath path,
                                           std::string name_space, const Clock& clock,
                                           absl::Duration max_age = absl::Seconds(10));

}  // namespace penstock::secrets::vault
