// Whether the root keys at hand are those of this database. A service that starts with none or with
// a wrong one would seal what nobody can open, or open nothing: so it refuses to start.
#pragma once

#include "absl/status/status.h"
#include "libs/postgres/pool.h"
#include "services/connector/keys/root_keyring.h"

namespace penstock::connector {

// Every root key that the database knows and that is not destroyed must be at hand and open its
// check value. The keyring's active key becomes the database's: new ones are noted, the one before
// is kept for reading. FAILED_PRECONDITION, reasons ROOT_KEY_MISSING (one that is needed is not at
// hand), ROOT_KEY_WRONG (of the name, but another key), ROOT_KEY_DESTROYED. Errors of database and
// Vault as they are: they may pass.
absl::Status CheckRootKeys(postgres::Pool& pool, const RootKeyring& keyring);

}  // namespace penstock::connector
