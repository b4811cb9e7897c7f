#include "fmt/format.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "services/migrate/command_line.h"
#include "services/migrate/run.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int Fail(int exit_code, const absl::Status& status) {
  fmt::print(stderr, "penstock-migrate: {}\n", std::string(status.message()));
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  auto command = penstock::migrate::ParseCommandLine({argv + 1, argv + argc});
  if (!command.ok()) return Fail(kUsage, command.status());
  auto settings = penstock::config::LookupIn(penstock::config::ReadEnvironment());
  if (!settings.ok()) return Fail(kUsage, settings.status());
  auto output = penstock::migrate::Run(*command, *settings, penstock::RealClock());
  if (!output.ok()) return Fail(kFailed, output.status());
  if (!output->message.empty()) fmt::print(stderr, "{}\n", output->message);
  if (!output->result.empty()) fmt::print("{}\n", output->result);
  return 0;
}
