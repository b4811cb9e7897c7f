// google.protobuf.Timestamp and absl::Time.
#pragma once

#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {

// To the microsecond, which is what the database keeps.
void SetTime(absl::Time time, google::protobuf::Timestamp& proto);

// Into `time` if the field is present; a time before year 1, after year 9999 or with nanoseconds
// out of range is added to `wrong`.
void ReadTime(bool present, const google::protobuf::Timestamp& proto, std::string_view field,
              absl::Time& time, std::vector<FieldViolation>& wrong);

}  // namespace penstock::workflow_engine
