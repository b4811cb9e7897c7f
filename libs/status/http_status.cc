#include "libs/status/http_status.h"

#include "absl/strings/numbers.h"
#include "libs/status/details.h"

namespace penstock {

int HttpStatusOf(const absl::Status& status) {
  int http_status = 0;
  return absl::SimpleAtoi(MetadataOf(status, "http_status"), &http_status) ? http_status : 0;
}

}  // namespace penstock
