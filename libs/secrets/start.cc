#include "libs/secrets/start.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "libs/secrets/fill.h"
#include "libs/secrets/open.h"
#include "libs/status/details.h"

namespace penstock::secrets {
namespace {

void AddUnlessNamed(std::vector<FieldViolation> more, std::vector<FieldViolation>& problems) {
  for (FieldViolation& violation : more) {
    if (std::ranges::count(problems, violation.field, &FieldViolation::field) == 0) {
      problems.push_back(std::move(violation));
    }
  }
}

}  // namespace

std::variant<Started, int> Start(const config::Program& program, int argc, const char* const* argv,
                                 const config::Environment& environment, const Clock& clock) {
  if (std::optional<int> exit_code = config::AnswerArguments(program, argc, argv)) {
    return *exit_code;
  }
  const std::vector<std::string> names = SecretNames(program.declarations);
  absl::StatusOr<Chain> chain = OpenChain(environment, clock);
  Filled filled = chain.ok() ? Fill(names, environment, *chain)
                             : Filled{.environment = environment,
                                      .problems = ViolationsOf(chain.status()),
                                      .looked_at = {}};
  absl::StatusOr<config::Settings> settings = config::ReadSettings(program, filled.environment);
  std::vector<FieldViolation> problems = filled.problems;
  AddUnlessNamed(Explain(ViolationsOf(settings.status()), filled), problems);
  if (!chain.ok()) {
    // Whether one is missing can't be said as long as nobody has looked.
    std::erase_if(problems, [&](const FieldViolation& problem) {
      return std::ranges::count(names, problem.field) > 0;
    });
  }
  if (!problems.empty()) return config::RefuseToStart(program, problems);
  return Started{*std::move(settings), std::move(filled.environment)};
}

}  // namespace penstock::secrets
