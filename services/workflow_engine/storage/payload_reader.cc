#include "services/workflow_engine/storage/payload_reader.h"

#include <optional>

#include "libs/status/macros.h"
#include "services/workflow_engine/engine/payload_reference.h"
#include "services/workflow_engine/storage/load_queries.h"

namespace penstock::workflow_engine {

absl::Status PayloadReader::Resolve(std::string& column) {
  std::optional<std::string> hash = ReferredPayload(column);
  if (!hash) return absl::OkStatus();
  auto known = read_.find(*hash);
  if (known == read_.end()) {
    ASSIGN_OR_RETURN(postgres::Result result,
                     connection_.Execute(queries::kLoadPayload, postgres::Params().Add(tenant_).Add(
                                                                    postgres::Bytes{*hash})));
    if (result.rows() != 1) return absl::DataLossError("a payload on record is missing");
    known = read_.emplace(*hash, result.Get<std::string>(0, 0)).first;
  }
  column = known->second;
  return absl::OkStatus();
}

}  // namespace penstock::workflow_engine
