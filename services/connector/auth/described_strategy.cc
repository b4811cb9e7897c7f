#include "services/connector/auth/described_strategy.h"

namespace penstock::connector {

absl::Status DescribedStrategy::Examine(const AuthInputs& inputs) const {
  // What every strategy has a place in.
  egress::HttpRequest request{.method = "POST", .url = "https://example.com/", .body = "{}"};
  return Authenticate(inputs, request);
}

}  // namespace penstock::connector
