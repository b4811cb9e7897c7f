#include "services/connector/auth/api_key/api_key.h"

#include "services/connector/auth/api_key/schema.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/placement.h"

namespace penstock::connector {
namespace {

Placement PlacementOf(const Json& config, std::vector<FieldViolation>& wrong) {
  return ReadPlacement(ConfigReader(config, wrong), {Placement::In::kHeader, "", ""});
}

class ApiKeyStrategy final : public DescribedStrategy {
 public:
  ApiKeyStrategy()
      : DescribedStrategy("api_key", "Sends a key in a header, a query parameter or a cookie.",
                          api_key::kConfigSchema) {}

  void Check(const Json& config, std::vector<FieldViolation>& wrong) const override {
    CheckPlacement(PlacementOf(config, wrong), "", wrong);
  }

  std::vector<SecretField> secret_fields(const Json&) const override {
    return {{"api_key", "The key."}};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    std::vector<FieldViolation> wrong;
    const Placement placement = PlacementOf(inputs.config, wrong);
    if (!wrong.empty()) return BadRequest(wrong);
    return PlaceCredential(placement, inputs, "api_key", request);
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeApiKeyStrategy() { return std::make_unique<ApiKeyStrategy>(); }

}  // namespace penstock::connector
