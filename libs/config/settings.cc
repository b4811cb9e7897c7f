#include "libs/config/settings.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "fmt/format.h"
#include "libs/config/nearest.h"
#include "libs/crypto/secret.h"
#include "libs/status/details.h"

namespace penstock::config {
namespace {

constexpr std::string_view kOurPrefix = "PENSTOCK_";

[[noreturn]] void ProgrammerError(std::string_view what, std::string_view name) {
  fmt::print(stderr, "settings: {}: {}\n", what, name);
  std::abort();
}

const std::string* FindSet(const Environment& environment, std::string_view name) {
  auto found = environment.find(name);
  return found == environment.end() || found->second.empty() ? nullptr : &found->second;
}

std::string FileNameOf(const Setting& setting) { return setting.name + "_FILE"; }

// What the operator gave for a setting, if anything; problems are added.
std::optional<std::string> GivenText(const Setting& setting, const Environment& environment,
                                     std::vector<FieldViolation>& problems) {
  const std::string* text = FindSet(environment, setting.name);
  if (setting.type == Type::kSecret) {
    if (const std::string* path = FindSet(environment, FileNameOf(setting))) {
      if (text != nullptr) {
        problems.push_back(
            {setting.name, fmt::format("set either this or {}, not both", FileNameOf(setting))});
        return std::nullopt;
      }
      absl::StatusOr<crypto::Secret> secret = crypto::ReadSecretFile(*path);
      if (secret.ok()) return std::string(secret->Reveal());
      problems.push_back({FileNameOf(setting), std::string(secret.status().message())});
      return std::nullopt;
    }
  }
  return text == nullptr ? std::nullopt : std::optional<std::string>(*text);
}

void AddUnknownNames(const Declarations& declarations, const Environment& environment,
                     std::vector<FieldViolation>& problems) {
  std::vector<std::string> known;
  for (const Setting& setting : declarations) {
    known.push_back(setting.name);
    if (setting.type == Type::kSecret) known.push_back(FileNameOf(setting));
  }
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kOurPrefix) || std::ranges::count(known, name) > 0) continue;
    std::optional<std::string> nearest = NearestName(name, known);
    problems.push_back({name, nearest ? fmt::format("unknown setting; did you mean {}?", *nearest)
                                      : "unknown setting"});
  }
}

}  // namespace

absl::StatusOr<Settings> Settings::Parse(const Declarations& declarations,
                                         const Environment& environment) {
  Settings settings;
  std::vector<FieldViolation> problems;
  for (const Setting& setting : declarations) {
    auto [entry, added] = settings.values_.try_emplace(setting.name);
    if (!added) ProgrammerError("declared twice", setting.name);
    Value& value = entry->second;
    value.type = setting.type;

    size_t problems_before = problems.size();
    std::optional<std::string> given = GivenText(setting, environment, problems);
    if (problems.size() > problems_before) continue;
    value.is_set = given.has_value();
    if (!given && !setting.default_text) {
      problems.push_back({setting.name, fmt::format("required: {}", setting.help)});
      continue;
    }
    value.text = given ? *std::move(given) : *setting.default_text;
    std::string problem = ParseValue(setting, value.text, value.parsed);
    if (problem.empty()) continue;
    if (!value.is_set) ProgrammerError("default is wrong", setting.name);
    problems.push_back({setting.name, problem});
  }
  AddUnknownNames(declarations, environment, problems);
  if (!problems.empty()) return BadRequest(problems);
  return settings;
}

const Settings::Value& Settings::Find(std::string_view name,
                                      std::initializer_list<Type> types) const {
  auto found = values_.find(name);
  if (found == values_.end()) ProgrammerError("not declared", name);
  if (std::ranges::count(types, found->second.type) == 0) {
    ProgrammerError("asked for by another type", name);
  }
  return found->second;
}

const std::string& Settings::String(std::string_view name) const {
  return Find(name, {Type::kString, Type::kPath, Type::kSecret}).text;
}
int64_t Settings::Int(std::string_view name) const {
  return std::get<int64_t>(Find(name, {Type::kInt}).parsed);
}
double Settings::Double(std::string_view name) const {
  return std::get<double>(Find(name, {Type::kDouble}).parsed);
}
bool Settings::Bool(std::string_view name) const {
  return std::get<bool>(Find(name, {Type::kBool}).parsed);
}
absl::Duration Settings::Duration(std::string_view name) const {
  return std::get<absl::Duration>(Find(name, {Type::kDuration}).parsed);
}
int64_t Settings::Bytes(std::string_view name) const {
  return std::get<int64_t>(Find(name, {Type::kBytes}).parsed);
}

bool Settings::IsSet(std::string_view name) const {
  auto found = values_.find(name);
  if (found == values_.end()) ProgrammerError("not declared", name);
  return found->second.is_set;
}

std::vector<std::pair<std::string, std::string>> Settings::Printable() const {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& [name, value] : values_) {
    lines.emplace_back(name,
                       value.type == Type::kSecret && !value.text.empty() ? "***" : value.text);
  }
  return lines;
}

}  // namespace penstock::config
