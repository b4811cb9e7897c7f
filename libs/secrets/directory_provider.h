// Secrets as the files of one directory, each named for its secret: what Kubernetes and Docker
// mount. Contents are trimmed; a file must be a regular one (or lead to one), of at most 64 KiB and
// not empty.
#pragma once

#include <memory>
#include <string>

#include "libs/secrets/provider.h"

namespace penstock::secrets {

enum class Directory {
  kMustExist,  // named by the operator: one that is not there is a mistake
  kMayExist,   // the usual place
};

// Find refuses names with path parts (INVALID_ARGUMENT).
std::unique_ptr<Provider> CreateDirectoryProvider(std::string base_path, Directory directory);

}  // namespace penstock::secrets
