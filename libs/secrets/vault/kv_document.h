// One secret of Vault's KV engine, version 2, with all its keys.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"
#include "libs/secrets/vault/session.h"

namespace penstock::secrets::vault {

struct KvPath {
  std::string mount;  // may have slashes
  std::string path;
};

// INVALID_ARGUMENT for anything that is no path: empty parts, "." and "..", a part that begins or
// ends with a dot, characters other than letters, digits and "-_.".
absl::Status CheckPath(const std::string& path);

// "kv/data/app/secrets": what Vault's policies call it. With a mount given, `text` may also be the
// path behind it. INVALID_ARGUMENT as CheckPath.
absl::StatusOr<KvPath> ParseKvPath(const std::string& text, const std::string& mount);

struct KvDocument {
  struct Value {
    crypto::Secret text;
    std::string problem;  // why the value can't be used: "is empty"
  };
  std::map<std::string, Value, std::less<>> values;
  int64_t version = 0;  // 0 = there is no such secret
};

// FAILED_PRECONDITION when its version is deleted or destroyed, or the engine is none of version 2;
// PERMISSION_DENIED, UNAVAILABLE as of Session::Get.
absl::StatusOr<KvDocument> ReadKvDocument(Session& session, const KvPath& path,
                                          const std::string& name_space);

}  // namespace penstock::secrets::vault
