// "required", "properties", "patternProperties", "additionalProperties", "propertyNames",
// "dependencies", "minProperties", "maxProperties".
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/pointer.h"
#include "libs/json_schema/schema_reader.h"

namespace penstock::json_schema {
namespace {

using Names = std::vector<std::string>;

class MemberCountRule final : public Keyword {
 public:
  MemberCountRule(const Node& owner, std::optional<size_t> min, std::optional<size_t> max)
      : Keyword(owner), min_(min), max_(max) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_object()) return true;
    if (min_ && at.value.size() < *min_) {
      return run.Fail(at, owner_, "minProperties",
                      fmt::format("must have at least {} members", *min_));
    }
    if (max_ && at.value.size() > *max_) {
      return run.Fail(at, owner_, "maxProperties",
                      fmt::format("must have at most {} members", *max_));
    }
    return true;
  }

 private:
  const std::optional<size_t> min_, max_;
};

bool HasAll(const Instance& at, const Names& names, Evaluation& run, const Node& node,
            std::string_view keyword) {
  if (!run.Spend(names.size())) return false;
  bool all = true;
  for (const std::string& name : names) {
    if (!at.value.contains(name)) {
      all = run.FailMember(at, name, node, keyword, "is required");
      if (run.quiet()) return false;
    }
  }
  return all;
}

class RequiredRule final : public Keyword {
 public:
  RequiredRule(const Node& owner, Names names) : Keyword(owner), names_(std::move(names)) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    return !at.value.is_object() || HasAll(at, names_, run, owner_, "required");
  }

 private:
  const Names names_;
};

struct MemberSchemas {
  std::map<std::string, const Node*, std::less<>> named;
  std::vector<std::pair<const Pattern*, const Node*>> by_pattern;
  const Node* others = nullptr;
};

class MembersRule final : public Keyword {
 public:
  MembersRule(const Node& owner, MemberSchemas schemas)
      : Keyword(owner), schemas_(std::move(schemas)) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_object()) return true;
    bool fits = true;
    for (auto member = at.value.begin(); member != at.value.end(); ++member) {
      fits &= CheckMember({*member, &at, member.key()}, at, run);
      if (run.stopped() || (!fits && run.quiet())) return false;
    }
    return fits;
  }

 private:
  bool CheckMember(const Instance& member, const Instance& object, Evaluation& run) const {
    if (!run.Spend(1)) return false;
    bool fits = true, known = false;
    if (const auto named = schemas_.named.find(member.name); named != schemas_.named.end()) {
      known = true;
      fits &= named->second->Check(member, run);
    }
    for (const auto& [pattern, node] : schemas_.by_pattern) {
      if (!run.Spend(pattern->Cost(member.name.size()))) return false;
      if (!pattern->IsFoundIn(member.name)) continue;
      known = true;
      fits &= node->Check(member, run);
    }
    if (known || schemas_.others == nullptr) return fits;
    if (schemas_.others->always == false) {
      return run.FailMember(object, member.name, owner_, "additionalProperties", "unknown field");
    }
    return schemas_.others->Check(member, run);
  }

  const MemberSchemas schemas_;
};

class PropertyNamesRule final : public Keyword {
 public:
  PropertyNamesRule(const Node& owner, const Node& names) : Keyword(owner), names_(names) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_object()) return true;
    bool fit = true;
    for (auto member = at.value.begin(); member != at.value.end(); ++member) {
      const Json name = member.key();
      const Evaluation::Quiet quiet(run);
      if (!names_.Check({name, &at, member.key()}, run)) fit = false;
      if (run.stopped()) return false;
      if (!fit) break;
    }
    return fit || run.Fail(at, owner_, "propertyNames", "a member has a name that is not allowed");
  }

 private:
  const Node& names_;
};

// With a member of some name there must be others, or the whole must fit a schema.
class DependenciesRule final : public Keyword {
 public:
  struct Dependency {
    std::string name;
    Names required;
    const Node* schema = nullptr;
  };
  DependenciesRule(const Node& owner, std::vector<Dependency> dependencies)
      : Keyword(owner), dependencies_(std::move(dependencies)) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_object()) return true;
    if (!run.Spend(dependencies_.size())) return false;
    bool fits = true;
    for (const Dependency& dependency : dependencies_) {
      if (!at.value.contains(dependency.name)) continue;
      fits &= HasAll(at, dependency.required, run, owner_, "dependencies");
      if (dependency.schema != nullptr) fits &= dependency.schema->Check(at, run);
      if (run.stopped() || (!fits && run.quiet())) return false;
    }
    return fits;
  }

 private:
  const std::vector<Dependency> dependencies_;
};

void ReadMembers(SchemaReader& reader) {
  MemberSchemas schemas;
  for (auto& [name, node] : reader.NamedSubschemas("properties")) schemas.named.emplace(name, node);
  for (auto& [text, node] : reader.NamedSubschemas("patternProperties")) {
    const Pattern* pattern = reader.CompilePattern(text, "/patternProperties/" + EscapeStep(text));
    if (pattern != nullptr) schemas.by_pattern.emplace_back(pattern, node);
  }
  schemas.others = reader.Subschema("additionalProperties");
  if (schemas.others || !schemas.named.empty() || !schemas.by_pattern.empty()) {
    reader.Add<MembersRule>(std::move(schemas));
  }
}

void ReadDependencies(SchemaReader& reader, const Json& members) {
  if (!members.is_object()) {
    reader.Problem("/dependencies", "must be an object of schemas or arrays of names");
    return;
  }
  std::vector<DependenciesRule::Dependency> dependencies;
  for (const auto& [name, value] : members.items()) {
    const std::string below = "/dependencies/" + EscapeStep(name);
    DependenciesRule::Dependency& dependency = dependencies.emplace_back();
    dependency.name = name;
    if (value.is_array()) {
      dependency.required = reader.Names(value, below);
    } else {
      dependency.schema = reader.Child(value, below);
      reader.InPlace(dependency.schema);
    }
  }
  reader.Add<DependenciesRule>(std::move(dependencies));
}

}  // namespace

void ReadObjectKeywords(SchemaReader& reader) {
  const std::optional<size_t> min = reader.Count("minProperties");
  const std::optional<size_t> max = reader.Count("maxProperties");
  if (min || max) reader.Add<MemberCountRule>(min, max);
  if (const Json* names = reader.FindKeyword("required")) {
    reader.Add<RequiredRule>(reader.Names(*names, "/required"));
  }
  ReadMembers(reader);
  if (const Node* names = reader.Subschema("propertyNames")) reader.Add<PropertyNamesRule>(*names);
  if (const Json* members = reader.FindKeyword("dependencies")) ReadDependencies(reader, *members);
}

}  // namespace penstock::json_schema
