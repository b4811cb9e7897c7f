#include "services/connector/providers/check_provider.h"

#include "services/connector/providers/check_answers.h"
#include "services/connector/providers/check_auth.h"
#include "services/connector/providers/check_description.h"
#include "services/connector/providers/check_hosts.h"
#include "services/connector/providers/check_requests.h"
#include "services/connector/providers/check_sources.h"
#include "services/connector/providers/provider_json.h"

namespace penstock::connector {

Problems CheckProvider(const v1::Provider& provider, const ProviderCheck& check) {
  Problems problems;
  if (check.strictness == Strictness::kTenant) {
    // First, as all else takes time in proportion.
    const absl::StatusOr<std::string> json = ProviderToJson(provider);
    if (!json.ok() || json->size() > kMaxTenantProviderBytes) {
      AddProblem(problems, "",
                 fmt::format("must be at most {} bytes as JSON", kMaxTenantProviderBytes));
      return problems;
    }
    if (json->find("\\u0000") != std::string::npos) {
      AddProblem(problems, "", "must not have NUL characters, which the database does not keep");
    }
    if (check.release_ids != nullptr && check.release_ids->contains(provider.id())) {
      AddProblem(problems, "id", "is a provider that comes with the release; choose another");
    }
    CheckTenantHosts(provider, problems);
  }
  CheckDescription(provider, problems);
  CheckHosts(provider, problems);
  CheckVariables(provider, problems);
  CheckBaseUrl(provider, problems);
  CheckAuth(provider, problems);
  CheckTestRequest(provider, problems);
  CheckHeaders(provider, problems);
  CheckPagination(provider, problems);
  CheckRateLimit(provider, problems);
  CheckWebhook(provider, problems);
  CheckSources(provider, check.today, problems);
  return problems;
}

}  // namespace penstock::connector
