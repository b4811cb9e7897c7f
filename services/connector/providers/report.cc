#include "services/connector/providers/report.h"

#include "fmt/format.h"
#include "services/connector/providers/check_provider.h"
#include "services/connector/providers/provider_json.h"

namespace penstock::connector {

std::string ReportOn(const std::string& file_name, const std::string& json, absl::CivilDay today) {
  const absl::StatusOr<v1::Provider> provider = ParseProvider(json);
  if (!provider.ok()) {
    return fmt::format("{}: {}\n", file_name, std::string(provider.status().message()));
  }
  std::string report;
  const size_t slash = file_name.rfind('/');
  if (file_name.substr(slash == std::string::npos ? 0 : slash + 1) != provider->id() + ".json") {
    report += fmt::format("{}: id: the file must be named {}.json\n", file_name, provider->id());
  }
  for (const FieldViolation& problem : CheckProvider(*provider, {.today = today})) {
    report += fmt::format("{}: {}: {}\n", file_name, problem.field, problem.description);
  }
  return report;
}

}  // namespace penstock::connector
