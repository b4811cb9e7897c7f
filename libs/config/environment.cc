#include "libs/config/environment.h"

#include <unistd.h>

#include <memory>

#include "fmt/format.h"
#include "libs/crypto/secret.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::config {
namespace {

constexpr std::string_view kFileSuffix = "_FILE";

bool NamesDatabaseFile(std::string_view name) {
  return name.ends_with(kFileSuffix) && (name.starts_with("DB_") || name == "DATABASE_URL_FILE");
}

}  // namespace

Environment ReadEnvironment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text(*entry);
    size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

absl::StatusOr<Lookup> LookupIn(Environment environment) {
  auto values = std::make_shared<Environment>(environment);
  for (const auto& [name, path] : environment) {
    if (!NamesDatabaseFile(name)) continue;
    std::string plain = name.substr(0, name.size() - kFileSuffix.size());
    if (environment.contains(plain)) {
      return InvalidField(name, fmt::format("set either this or {}, not both", plain));
    }
    absl::StatusOr<crypto::Secret> secret = crypto::ReadSecretFile(path);
    if (!secret.ok()) return InvalidField(name, std::string(secret.status().message()));
    values->emplace(plain, secret->Reveal());
  }
  return Lookup([values](std::string_view name) -> std::optional<std::string> {
    auto found = values->find(name);
    if (found == values->end() || found->second.empty()) return std::nullopt;
    return found->second;
  });
}

}  // namespace penstock::config
