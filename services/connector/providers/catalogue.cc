#include "services/connector/providers/catalogue.h"

#include <utility>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "services/connector/providers/check_provider.h"
#include "services/connector/providers/provider_json.h"

namespace penstock::connector {

absl::StatusOr<Catalogue> Catalogue::Create(const std::vector<CatalogueFile>& files) {
  Catalogue catalogue;
  Problems problems;
  for (const CatalogueFile& file : files) {
    const std::string name(file.name);
    absl::StatusOr<v1::Provider> provider = ParseProvider(std::string(file.json));
    if (!provider.ok()) {
      AddProblem(problems, name, std::string(provider.status().message()));
      continue;
    }
    for (const FieldViolation& problem : CheckProvider(*provider, {})) {
      AddProblem(problems, fmt::format("{}: {}", name, problem.field), problem.description);
    }
    if (provider->id() + ".json" != name) {
      AddProblem(problems, name, fmt::format("must be named {}.json for its id", provider->id()));
    }
    provider->set_origin(v1::Provider::ORIGIN_RELEASE);
    const std::string id = provider->id();
    if (!catalogue.ids_.insert(id).second) AddProblem(problems, name, "has the id of another file");
    catalogue.providers_.try_emplace(id, *std::move(provider));
  }
  if (!problems.empty()) return BadRequest(problems);
  return catalogue;
}

const v1::Provider* Catalogue::Find(std::string_view id) const {
  const auto found = providers_.find(id);
  return found == providers_.end() ? nullptr : &found->second;
}

std::vector<const v1::Provider*> Catalogue::List() const {
  std::vector<const v1::Provider*> list;
  for (const auto& [id, provider] : providers_) list.push_back(&provider);
  return list;
}

}  // namespace penstock::connector
