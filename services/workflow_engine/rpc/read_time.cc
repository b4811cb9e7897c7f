#include "services/workflow_engine/rpc/read_time.h"

#include "libs/request/fields.h"

namespace penstock::workflow_engine {

void ReadTime(bool present, const google::protobuf::Timestamp& proto, std::string_view field,
              absl::Time& time, std::vector<FieldViolation>& wrong) {
  if (!present) return;
  const absl::StatusOr<absl::Time> read = TimeFrom(proto, field);
  if (read.ok()) {
    time = *read;
    return;
  }
  for (FieldViolation& violation : ViolationsOf(read.status())) {
    wrong.push_back(std::move(violation));
  }
}

}  // namespace penstock::workflow_engine
