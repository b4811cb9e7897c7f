#include <cstdio>
#include <variant>

#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/lifecycle/harden.h"
#include "libs/lifecycle/signals.h"
#include "libs/log/log.h"
#include "libs/log/sink.h"
#include "libs/secrets/start.h"
#include "libs/status/details.h"
#include "services/connector/app.h"

int main(int argc, char** argv) {
  using namespace penstock;
  lifecycle::BlockSignals();
  if (const auto hardened = lifecycle::HardenProcess(); !hardened.ok()) {
    log::Error("can't start", {{"status", hardened.status()}});
    return 1;
  }
  const RealClock clock;
  auto start =
      secrets::Start(connector::DescribeProgram(), argc, argv, config::ReadEnvironment(), clock);
  if (const int* exit_code = std::get_if<int>(&start)) return *exit_code;
  const auto& [settings, environment] = std::get<secrets::Started>(start);
  auto config = connector::ConfigFrom(settings, environment, clock);
  if (config.ok()) log::Configure(config->log);
  auto app = config.ok() ? connector::App::Create(*std::move(config), clock) : config.status();
  if (!app.ok()) {
    log::Error("can't start", {{"status", app.status()}});
    for (const FieldViolation& violation : ViolationsOf(app.status())) {
      std::fprintf(stderr, "%s: %s\n", violation.field.c_str(), violation.description.c_str());
    }
    return 1;
  }
  lifecycle::RunUntilSignal([&app] { (*app)->Drain(); });
  return 0;
}
