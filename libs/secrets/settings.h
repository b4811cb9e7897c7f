// SECRET_READ_CHAIN, SECRET_ENV_PREFIX, SECRET_FS_BASE_PATH and VAULT_*: where a process finds its
// secrets.
#pragma once

#include "libs/config/setting.h"

namespace penstock::secrets {

config::Declarations DeclareSettings();

}  // namespace penstock::secrets
