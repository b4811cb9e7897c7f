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

// What the operator gave for a secret, by itself or in a file; empty where nothing was given.
// Problems are added.
crypto::Secret GivenSecret(const Setting& setting, const Environment& environment,
                           std::vector<FieldViolation>& problems) {
  const std::string* text = FindSet(environment, setting.name);
  const std::string* path = FindSet(environment, FileNameOf(setting));
  if (path == nullptr) return text == nullptr ? crypto::Secret() : crypto::Secret(*text);
  if (text != nullptr) {
    problems.push_back(
        {setting.name, fmt::format("set either this or {}, not both", FileNameOf(setting))});
    return {};
  }
  absl::StatusOr<crypto::Secret> secret = crypto::ReadSecretFile(*path);
  if (secret.ok()) return *std::move(secret);
  problems.push_back({FileNameOf(setting), std::string(secret.status().message())});
  return {};
}

std::string Required(const Setting& setting) { return fmt::format("required: {}", setting.help); }

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

Environment Only(const Declarations& declarations, const Environment& environment) {
  Environment only;
  auto keep = [&](const std::string& name) {
    if (auto found = environment.find(name); found != environment.end()) only.insert(*found);
  };
  for (const Setting& setting : declarations) {
    keep(setting.name);
    if (setting.type == Type::kSecret) keep(FileNameOf(setting));
  }
  return only;
}

absl::StatusOr<Settings> Settings::Parse(const Declarations& declarations,
                                         const Environment& environment) {
  Settings settings;
  std::vector<FieldViolation> problems;
  for (const Setting& setting : declarations) {
    auto [entry, added] = settings.values_.try_emplace(setting.name);
    if (!added) ProgrammerError("declared twice", setting.name);
    Value& value = entry->second;
    value.type = setting.type;

    if (setting.type == Type::kSecret) {
      const size_t problems_before = problems.size();
      value.secret = GivenSecret(setting, environment, problems);
      value.is_set = !value.secret.empty();
      if (!value.is_set && !setting.default_text && problems.size() == problems_before) {
        problems.push_back({setting.name, Required(setting)});
      }
      continue;
    }
    const std::string* given = FindSet(environment, setting.name);
    value.is_set = given != nullptr;
    if (given == nullptr && !setting.default_text) {
      problems.push_back({setting.name, Required(setting)});
      continue;
    }
    value.text = given != nullptr ? *given : *setting.default_text;
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
  return Find(name, {Type::kString, Type::kPath}).text;
}
const crypto::Secret& Settings::Secret(std::string_view name) const {
  return Find(name, {Type::kSecret}).secret;
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
    lines.emplace_back(name, value.type == Type::kSecret && value.is_set ? "***" : value.text);
  }
  return lines;
}

}  // namespace penstock::config
