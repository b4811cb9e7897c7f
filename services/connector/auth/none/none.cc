#include "services/connector/auth/none/none.h"

#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/none/schema.h"

namespace penstock::connector {
namespace {

class NoneStrategy final : public DescribedStrategy {
 public:
  NoneStrategy()
      : DescribedStrategy("none", "Sends requests as they are, for public APIs.",
                          none::kConfigSchema) {}

  std::vector<SecretField> secret_fields(const Json&) const override { return {}; }

  absl::Status Authenticate(const AuthInputs&, egress::HttpRequest&) const override {
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeNoneStrategy() { return std::make_unique<NoneStrategy>(); }

}  // namespace penstock::connector
