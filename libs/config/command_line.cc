#include "libs/config/command_line.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "libs/status/details.h"

namespace penstock::config {
namespace {

constexpr int kUsageExitCode = 2;

std::string Describe(const Setting& setting) {
  std::string text = setting.help;
  if (!setting.choices.empty()) {
    text += fmt::format(" One of {}.", fmt::join(setting.choices, ", "));
  }
  if (setting.type == Type::kSecret) {
    text += fmt::format(" Also read from the file that {}_FILE names.", setting.name);
  }
  return text;
}

std::string TypeAndUnit(const Setting& setting) {
  return setting.unit.empty() ? std::string(TypeName(setting.type))
                              : fmt::format("{}, {}", TypeName(setting.type), setting.unit);
}

std::string DefaultText(const Setting& setting) {
  if (!setting.default_text) return "required";
  return setting.default_text->empty() ? "none" : *setting.default_text;
}

void AddUnlessNamed(const absl::Status& status, std::vector<FieldViolation>& problems) {
  std::vector<FieldViolation> violations = ViolationsOf(status);
  if (!status.ok() && violations.empty())
    violations.push_back({"settings", std::string(status.message())});
  for (FieldViolation& violation : violations) {
    if (std::ranges::count(problems, violation.field, &FieldViolation::field) == 0)
      problems.push_back(std::move(violation));
  }
}

}  // namespace

std::string HelpText(const Program& program) {
  std::string text =
      fmt::format("{} - {}\n\nUsage: {} [--help | --version]\n\nSettings, from the environment:\n",
                  program.name, program.purpose, program.name);
  for (const Setting& setting : program.declarations) {
    text += fmt::format("  {}  ({}; default: {})\n      {}\n", setting.name, TypeAndUnit(setting),
                        DefaultText(setting), Describe(setting));
  }
  return text;
}

std::string MarkdownSection(const Program& program) {
  std::string text = fmt::format(
      "## {}\n\n{}\n\n| setting | type | default | what it does |\n| --- | --- | --- | --- |\n",
      program.name, program.purpose);
  for (const Setting& setting : program.declarations) {
    text += fmt::format("| `{}` | {} | {} | {} |\n", setting.name, TypeAndUnit(setting),
                        setting.default_text && !setting.default_text->empty()
                            ? fmt::format("`{}`", *setting.default_text)
                            : DefaultText(setting),
                        Describe(setting));
  }
  return text;
}

std::optional<int> AnswerArguments(const Program& program, int argc, const char* const* argv) {
  if (argc <= 1) return std::nullopt;
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    fmt::print("{}", HelpText(program));
    return 0;
  }
  if (argc == 2 && std::string_view(argv[1]) == "--version") {
    fmt::print("{} {}\n", program.name, kVersion);
    return 0;
  }
  fmt::print(stderr, "{}: unexpected argument '{}'; see {} --help\n", program.name, argv[1],
             program.name);
  return kUsageExitCode;
}

absl::StatusOr<Settings> ReadSettings(const Program& program, const Environment& environment) {
  absl::StatusOr<Settings> settings = Settings::Parse(program.declarations, environment);
  std::vector<FieldViolation> problems = ViolationsOf(settings.status());
  if (program.check) AddUnlessNamed(program.check(environment), problems);
  if (!problems.empty()) return BadRequest(problems);
  return settings;
}

int RefuseToStart(const Program& program, const std::vector<FieldViolation>& problems) {
  fmt::print(stderr, "{}: can't start with these settings:\n", program.name);
  for (const FieldViolation& problem : problems) {
    fmt::print(stderr, "  {}: {}\n", problem.field, problem.description);
  }
  return kUsageExitCode;
}

}  // namespace penstock::config
