#include "services/connector/auth/bearer/bearer.h"

#include "services/connector/auth/bearer/schema.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/placement.h"

namespace penstock::connector {
namespace {

Placement PlacementOf(const Json& config, std::vector<FieldViolation>& wrong) {
  Placement placement;
  placement.prefix = ConfigReader(config, wrong).Text("prefix", placement.prefix);
  return placement;
}

class BearerStrategy final : public DescribedStrategy {
 public:
  BearerStrategy()
      : DescribedStrategy("bearer", "Sends a token in the Authorization header.",
                          bearer::kConfigSchema) {}

  void Check(const Json& config, std::vector<FieldViolation>& wrong) const override {
    CheckPlacement(PlacementOf(config, wrong), "", wrong);
  }

  std::vector<SecretField> secret_fields(const Json&) const override {
    return {{"token", "The token."}};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    std::vector<FieldViolation> wrong;
    const Placement placement = PlacementOf(inputs.config, wrong);
    if (!wrong.empty()) return BadRequest(wrong);
    return PlaceCredential(placement, inputs, "token", request);
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeBearerStrategy() { return std::make_unique<BearerStrategy>(); }

}  // namespace penstock::connector
