// What every Penstock binary answers on its command line: --help, --version, else run.
//
// libs/secrets/start.h puts the three steps together, with the secrets that are elsewhere between them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/config/settings.h"
#include "libs/status/details.h"

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

// The exit code of a process that has nothing more to do: 0 after --help and --version (printed to
// stdout), 2 after an argument that nobody knows (named on stderr). None = it is to run.
std::optional<int> AnswerArguments(const Program& program, int argc, const char* const* argv);

// Every setting parsed and Program::check asked; INVALID_ARGUMENT with all problems of both, one
// violation a field.
absl::StatusOr<Settings> ReadSettings(const Program& program, const Environment& environment);

// Prints the problems to stderr and gives the exit code of a process that can't start, 2.
int RefuseToStart(const Program& program, const std::vector<FieldViolation>& problems);

// The text of --help.
std::string HelpText(const Program& program);

// One section of docs/settings.md: a table of the program's settings. docs/page compares the page
// with the declarations.
std::string MarkdownSection(const Program& program);

}  // namespace penstock::config
