#include "libs/secrets/environment_provider.h"

#include <utility>

#include "fmt/format.h"

namespace penstock::secrets {
namespace {

class EnvironmentProvider final : public Provider {
 public:
  EnvironmentProvider(config::Environment environment, std::string prefix)
      : environment_(std::move(environment)), prefix_(std::move(prefix)) {}

  absl::StatusOr<std::optional<crypto::Secret>> Find(std::string_view name) override {
    auto found = environment_.find(fmt::format("{}{}", prefix_, name));
    if (found == environment_.end() || found->second.empty()) return std::nullopt;
    return crypto::Secret(found->second);
  }

  std::string PlaceOf(std::string_view name) const override {
    return fmt::format("the environment variable {}{}", prefix_, name);
  }

 private:
  const config::Environment environment_;
  const std::string prefix_;
};

}  // namespace

std::unique_ptr<Provider> CreateEnvironmentProvider(config::Environment environment,
                                                    std::string prefix) {
  return std::make_unique<EnvironmentProvider>(std::move(environment), std::move(prefix));
}

}  // namespace penstock::secrets
