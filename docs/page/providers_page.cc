#include "docs/page/providers_page.h"

#include <algorithm>
#include <vector>

namespace penstock::docs {
namespace {

// The types of its auth methods, each once, in their order.
std::string AuthTypes(const connector::v1::Provider& provider) {
  std::string types;
  std::vector<std::string> seen;
  for (const auto& method : provider.auth()) {
    if (std::find(seen.begin(), seen.end(), method.type()) != seen.end()) continue;
    seen.push_back(method.type());
    types.append(types.empty() ? "" : ", ").append(method.type());
  }
  return types;
}

}  // namespace

std::string ProvidersPage(const connector::Catalogue& catalogue) {
  std::string page = R"(# Services that Penstock knows

Made from services/connector/providers/catalogue by `bazel run //docs:write_providers_page > docs/providers.md`. Each was compared with its vendor's documentation on the
day it names; `bazel run //services/connector/providers:check` fails on one that has not been for 400 days. Others are added by a tenant for itself, or to the release as
docs/guides/add-a-provider.md says.

)";
  page.append(std::to_string(catalogue.ids().size())).append(" services.\n\n");
  page.append(
      "| id | name | authentication | verified on | source |\n| --- | --- | --- | --- | --- |\n");
  for (const connector::v1::Provider* provider : catalogue.List()) {
    page.append("| ").append(provider->id()).append(" | ").append(provider->display_name());
    page.append(" | ").append(AuthTypes(*provider)).append(" | ").append(provider->verified_on());
    page.append(" | <").append(provider->sources(0)).append("> |\n");
  }
  return page;
}

}  // namespace penstock::docs
