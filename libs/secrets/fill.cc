#include "libs/secrets/fill.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/secrets/settings.h"

namespace penstock::secrets {
namespace {

bool IsSet(const config::Environment& environment, const std::string& name) {
  auto found = environment.find(name);
  return found != environment.end() && !found->second.empty();
}

std::string FileNameOf(const std::string& name) { return name + "_FILE"; }

}  // namespace

std::vector<std::string> SecretNames(const config::Declarations& declarations) {
  const config::Declarations own = DeclareSettings();
  std::vector<std::string> names;
  for (const config::Setting& setting : declarations) {
    if (setting.type == config::Type::kSecret &&
        std::ranges::count(own, setting.name, &config::Setting::name) == 0) {
      names.push_back(setting.name);
    }
  }
  return names;
}

Filled Fill(const std::vector<std::string>& names, config::Environment environment,
            const Chain& chain) {
  Filled filled{.environment = environment, .problems = {}, .looked_at = {}};
  const std::string prefix =
      IsSet(environment, "SECRET_ENV_PREFIX") ? environment["SECRET_ENV_PREFIX"] : "";
  for (const std::string& name : names) {
    // Under a prefix of ours the copy would be taken for a misspelt setting.
    if (!prefix.empty()) filled.environment.erase(prefix + name);
    if (IsSet(environment, FileNameOf(name))) continue;
    absl::StatusOr<std::optional<crypto::Secret>> secret = chain.Find(name);
    if (!secret.ok()) {
      filled.problems.push_back({name, std::string(secret.status().message())});
    } else if (secret->has_value()) {
      filled.environment[name] = (*secret)->Reveal();
    } else if (IsSet(environment, name)) {
      filled.problems.push_back(
          {name, fmt::format("is set in the environment, and SECRET_READ_CHAIN looks at {} only",
                             chain.PlacesOf(name))});
    } else {
      filled.looked_at[name] =
          fmt::format("the file that {} names, {}", FileNameOf(name), chain.PlacesOf(name));
    }
  }
  return filled;
}

std::vector<FieldViolation> Explain(std::vector<FieldViolation> violations, const Filled& filled) {
  for (FieldViolation& violation : violations) {
    auto found = filled.looked_at.find(violation.field);
    if (found == filled.looked_at.end()) continue;
    violation.description += fmt::format(" (looked at {})", found->second);
  }
  return violations;
}

}  // namespace penstock::secrets
