// Times in requests.
#pragma once

#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {

// Into `time` if the field is present; one that is no valid timestamp is added to `wrong`.
void ReadTime(bool present, const google::protobuf::Timestamp& proto, std::string_view field,
              absl::Time& time, std::vector<FieldViolation>& wrong);

}  // namespace penstock::workflow_engine
