#include "services/connector/openapi/response.h"

#include <cctype>
#include <string>

#include "fmt/format.h"
#include "libs/json/validate.h"
#include "nlohmann/json.hpp"

namespace penstock::connector::openapi {
namespace {

// The nearest rule: "404" before "4XX" before "default".
const ResponseRule* RuleFor(const Operation& operation, int status) {
  const std::string exact = std::to_string(status);
  const ResponseRule* best = nullptr;
  size_t best_fit = 0;
  for (const ResponseRule& rule : operation.responses) {
    const std::string& name = rule.status;
    const bool is_class = name.size() == 3 && name[0] == exact[0] && std::toupper(name[1]) == 'X' &&
                          std::toupper(name[2]) == 'X';
    const size_t fit = name == exact ? 3 : is_class ? 2 : name == "default" ? 1 : 0;
    if (fit > best_fit) {
      best = &rule;
      best_fit = fit;
    }
  }
  return best;
}

}  // namespace

std::vector<json_schema::Violation> CheckResponse(const Operation& operation, int status,
                                                  std::string_view body) {
  if (operation.responses.empty()) return {};
  const ResponseRule* rule = RuleFor(operation, status);
  if (rule == nullptr) {
    return {{"", "", fmt::format("the operation does not mention the status {}", status)}};
  }
  // To HEAD there is never a body.
  if (!rule->schema.compiled || operation.method == "HEAD") return {};
  if (!json::Validate(body).ok()) return {{"", "", "must be JSON"}};
  return rule->schema.compiled->Validate(nlohmann::json::parse(body, nullptr, false));
}

}  // namespace penstock::connector::openapi
