// Whether a webhook delivery was signed by who it says it comes from. Over the raw bytes, in constant time, within a tolerance.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace penstock::workflow_engine {

// A trigger's config.signature.
struct SignatureRule {
  enum class Scheme { kStandardWebhooks, kHmacSha256 };
  Scheme scheme = Scheme::kStandardWebhooks;
  std::vector<std::string> secrets;  // names; any one that fits is enough, so that a secret can be replaced without a gap
  absl::Duration tolerance = absl::Seconds(300);
  std::string header;  // lower case; kHmacSha256 only, as are the two below
  std::string prefix;
  bool base64 = false;
};

// The value of a header by its lower-case name; nothing when absent.
using HeaderLookup = std::function<std::optional<std::string_view>(std::string_view)>;
// The key material of a named secret; nothing when there is no such secret.
using SecretLookup = std::function<std::optional<std::string_view>(std::string_view)>;

// OK, or UNAUTHENTICATED with a reason: SIGNATURE_MISSING, SIGNATURE_EXPIRED, SIGNATURE_MISMATCH, SECRET_MISSING. Standard Webhooks: headers
// webhook-id, webhook-timestamp, webhook-signature ("v1,<base64>" several times), signed text "id.timestamp.body", secrets
// "whsec_<base64>".
absl::Status VerifySignature(const SignatureRule& rule, const HeaderLookup& header, std::string_view body, const SecretLookup& secret,
                             absl::Time now);

}  // namespace penstock::workflow_engine
