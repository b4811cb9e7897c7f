#include <vector>

#include "fmt/format.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/secrets/fill.h"
#include "libs/status/details.h"
#include "services/migrate/command_line.h"
#include "services/migrate/passwords.h"
#include "services/migrate/run.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int Fail(int exit_code, const absl::Status& status) {
  fmt::print(stderr, "penstock-migrate: {}\n", std::string(status.message()));
  return exit_code;
}

int Fail(int exit_code, const std::vector<penstock::FieldViolation>& problems) {
  for (const penstock::FieldViolation& problem : problems) {
    fmt::print(stderr, "penstock-migrate: {}: {}\n", problem.field, problem.description);
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  auto command = penstock::migrate::ParseCommandLine({argv + 1, argv + argc});
  if (!command.ok()) return Fail(kUsage, command.status());
  const penstock::RealClock clock;
  auto found = penstock::migrate::FindPasswords(*command, penstock::config::ReadEnvironment(), clock);
  if (!found.ok()) return Fail(kUsage, found.status());
  if (!found->problems.empty()) return Fail(kFailed, found->problems);
  auto settings = penstock::config::LookupIn(found->environment);
  if (!settings.ok()) return Fail(kUsage, settings.status());
  auto output = penstock::migrate::Run(*command, *settings, clock);
  const auto problems = Explain(penstock::ViolationsOf(output.status()), *found);
  if (!problems.empty()) return Fail(kFailed, problems);
  if (!output.ok()) return Fail(kFailed, output.status());
  if (!output->message.empty()) fmt::print(stderr, "{}\n", output->message);
  if (!output->result.empty()) fmt::print("{}\n", output->result);
  return 0;
}
