// What every Penstock binary answers on its command line: --help, --version, else run.
//
//   int main(int argc, char** argv) {
//     config::Program program{"workflow-engine", "Runs workflows durably.", DeclareSettings()};
//     auto start = config::Start(program, argc, argv, config::ReadEnvironment());
//     if (int* exit_code = std::get_if<int>(&start)) return *exit_code;
//     return Run(std::get<config::Settings>(start));
//   }
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "libs/config/settings.h"

namespace penstock::config {

// Of every binary, as --version says it.
inline constexpr std::string_view kVersion = "0.1.0";

struct Program {
  std::string name;     // of the binary
  std::string purpose;  // one sentence
  Declarations declarations;
  // What is to be checked beyond each setting by itself. Its field violations are reported with the others.
  std::function<absl::Status(const Environment&)> check = {};
};

// Settings to run with, or the exit code of a process that has nothing more to do: 0 after --help
// and --version (printed to stdout), 2 after printing every problem of the settings or arguments to
// stderr.
std::variant<Settings, int> Start(const Program& program, int argc, const char* const* argv,
                                  const Environment& environment);

// The text of --help.
std::string HelpText(const Program& program);

// One section of docs/settings.md: a table of the program's settings. docs/page compares the page
// with the declarations.
std::string MarkdownSection(const Program& program);

}  // namespace penstock::config
