// Puts large payloads back in the place of their references (engine/payload_reference.h), within
// one transaction.
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::workflow_engine {

class PayloadReader {
 public:
  PayloadReader(postgres::Connection& connection, TenantId tenant)
      : connection_(connection), tenant_(tenant) {}

  // `column` becomes the payload it refers to, if it refers to one. The same payload is read once:
  // a node's output is the next one's input.
  absl::Status Resolve(std::string& column);

 private:
  postgres::Connection& connection_;
  const TenantId tenant_;
  absl::flat_hash_map<std::string, std::string> read_;
};

}  // namespace penstock::workflow_engine
