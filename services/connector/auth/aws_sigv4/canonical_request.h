// The canonical form of a request that AWS Signature Version 4 is computed over:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/egress/http.h"

namespace penstock::connector {

// S3 takes the path as it is, encoded once; every other service normalizes it and encodes it again.
enum class PathRule { kNormalizedTwice, kAsIs };

// INVALID_ARGUMENT for a path that can't be signed as it will be sent.
absl::StatusOr<std::string> CanonicalPath(const std::string& path, PathRule rule);

// Parameters decoded, encoded alike and sorted. Also what must be sent: a '+' in it would mean one
// thing to some servers and another to others.
absl::StatusOr<std::string> CanonicalQuery(std::string_view query);

struct CanonicalHeaders {
  std::string lines;         // "host:...\nx-amz-date:...\n"
  std::string signed_names;  // "host;x-amz-date"
};
// All headers but those that change on their way, and the host.
CanonicalHeaders CanonicalHeadersOf(const egress::Headers& headers, std::string_view host);

}  // namespace penstock::connector
