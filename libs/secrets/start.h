// How every service of ours starts: the command line answered, secrets found, settings read and
// checked together.
//
//   int main(int argc, char** argv) {
//     auto start = secrets::Start(DescribeProgram(), argc, argv, config::ReadEnvironment(), clock);
//     if (int* exit_code = std::get_if<int>(&start)) return *exit_code;
//     auto& [settings, environment] = std::get<secrets::Started>(start);
//     ...
#pragma once

#include <variant>

#include "libs/clock/clock.h"
#include "libs/config/command_line.h"
#include "libs/config/environment.h"
#include "libs/config/settings.h"

namespace penstock::secrets {

struct Started {
  config::Settings settings;
  config::Environment environment;  // with the secrets that were elsewhere
};

// Settings to run with, or the exit code of a process that has nothing more to do: 0 after --help
// and --version, 2 after printing to stderr every problem of arguments, settings and secrets, among
// them each required secret that is missing with every place looked at.
std::variant<Started, int> Start(const config::Program& program, int argc, const char* const* argv,
                                 const config::Environment& environment, const Clock& clock);

}  // namespace penstock::secrets
