#include "libs/secrets/open.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "libs/config/settings.h"
#include "libs/secrets/directory_provider.h"
#include "libs/secrets/environment_provider.h"
#include "libs/secrets/settings.h"
#include "libs/secrets/vault/open.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::secrets {
namespace {

constexpr char kChain[] = "SECRET_READ_CHAIN";
constexpr char kBasePath[] = "SECRET_FS_BASE_PATH";

absl::StatusOr<std::unique_ptr<Provider>> Open(std::string_view place,
                                               const config::Settings& settings,
                                               const config::Environment& environment,
                                               const Clock& clock) {
  if (place == "env") {
    return CreateEnvironmentProvider(environment, settings.String("SECRET_ENV_PREFIX"));
  }
  if (place == "filesystem") {
    return CreateDirectoryProvider(settings.String(kBasePath), settings.IsSet(kBasePath)
                                                                   ? Directory::kMustExist
                                                                   : Directory::kMayExist);
  }
  if (place == "vault") return vault::Open(settings, environment, clock);
  return InvalidField(kChain, fmt::format("'{}' is not one of env, filesystem, vault", place));
}

}  // namespace

absl::StatusOr<Chain> OpenChain(const config::Environment& environment, const Clock& clock) {
  const config::Declarations declarations = DeclareSettings();
  ASSIGN_OR_RETURN(const config::Settings settings,
                   config::Settings::Parse(declarations, config::Only(declarations, environment)));
  std::vector<std::unique_ptr<Provider>> providers;
  std::vector<std::string> seen;
  for (absl::string_view part : absl::StrSplit(settings.String(kChain), ',')) {
    std::string place(absl::StripAsciiWhitespace(part));
    if (std::ranges::count(seen, place) > 0) {
      return InvalidField(kChain, fmt::format("'{}' is in it twice", place));
    }
    ASSIGN_OR_RETURN(std::unique_ptr<Provider> provider, Open(place, settings, environment, clock));
    providers.push_back(std::move(provider));
    seen.push_back(std::move(place));
  }
  return Chain(std::move(providers));
}

}  // namespace penstock::secrets
