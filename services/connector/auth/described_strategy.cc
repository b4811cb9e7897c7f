#include "services/connector/auth/described_strategy.h"

#include "libs/status/macros.h"

namespace penstock::connector {

absl::StatusOr<CredentialFacts> DescribedStrategy::Examine(const AuthInputs& inputs) const {
  // What every strategy has a place in.
  egress::HttpRequest request{.method = "POST", .url = "https://example.com/", .body = "{}"};
  RETURN_IF_ERROR(Authenticate(inputs, request));
  return CredentialFacts();
}

}  // namespace penstock::connector
