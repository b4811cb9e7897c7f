#include "services/connector/loops/readiness_check.h"

#include "services/connector/keys/root_key_check.h"

namespace penstock::connector {

absl::Status ReadinessCheck::Run() {
  if (database_.Check() && !keys_are_known_) CheckKeys();
  return absl::OkStatus();
}

void ReadinessCheck::CheckKeys() {
  const absl::Status keys = CheckRootKeys(pool_, keys_);
  keys_are_known_ = keys.ok();
  if (absl::IsFailedPrecondition(keys)) fatal_ = keys;
  readiness_.Set(kKeysCondition, keys);
}

}  // namespace penstock::connector
