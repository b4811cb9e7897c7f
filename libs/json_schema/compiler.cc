#include "libs/json_schema/compiler.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/http/percent.h"
#include "libs/json_schema/circles.h"
#include "libs/json_schema/pointer.h"
#include "libs/json_schema/reference.h"
#include "libs/json_schema/schema_reader.h"
#include "libs/json_schema/uri.h"

namespace penstock::json_schema {
namespace {

constexpr size_t kMaxUri = 2000;

}  // namespace

void Compiler::Problem(std::string path, std::string text) {
  if (problems_.size() < limits().max_problems) {
    problems_.push_back({std::move(path), std::move(text)});
  }
}

const Node* Compiler::Run() {
  const std::string* base = &*bases_.emplace("").first;
  resources_.emplace("", Resource{&program_.source, nullptr});
  const Node* root = Compile(program_.source, {nullptr, "", base, 0});
  for (size_t i = 0; i < pending_.size(); ++i) {  // binding one may bring more
    const Node* target = Target(pending_[i]);
    pending_[i].reference->target = target;
    pending_[i].node->in_place.push_back(target);
  }
  for (const Node* node : FindCircles(program_.nodes)) {
    Problem(node->Path(), "leads back to itself without looking at a part of the value");
  }
  return root;
}

bool Compiler::HasRoom(const Position& position) {
  const auto path = [&] {
    return (position.parent == nullptr ? "" : position.parent->Path()) + position.step;
  };
  if (position.depth >= limits().max_depth) {
    Problem(path(), fmt::format("schemas may nest {} deep", limits().max_depth));
    return false;
  }
  if (program_.nodes.size() == limits().max_subschemas) {
    if (problems_.empty() || problems_.back().field != "") {
      Problem("", fmt::format("may have {} subschemas", limits().max_subschemas));
    }
    return false;
  }
  return true;
}

const Node* Compiler::Compile(const Json& schema, const Position& position) {
  if (const auto known = program_.places.find(&schema); known != program_.places.end()) {
    return known->second;
  }
  if (!HasRoom(position)) return &accepting_;
  Node& node = program_.nodes.emplace_back();
  node.parent = position.parent;
  node.step = position.step;
  program_.places.emplace(&schema, &node);
  if (schema.is_boolean()) {
    node.always = schema.get<bool>();
  } else if (!schema.is_object()) {
    Problem(node.Path(), "a schema must be an object, true or false");
  } else {
    SchemaReader(*this, schema, node, position.base, position.depth).Read();
  }
  return &node;
}

const Pattern* Compiler::CompilePattern(const std::string& text, std::string_view path) {
  if (const auto known = program_.patterns.find(text); known != program_.patterns.end()) {
    return known->second.get();
  }
  if (text.size() > limits().max_pattern_bytes) {
    Problem(std::string(path),
            fmt::format("a pattern may have {} bytes", limits().max_pattern_bytes));
    return nullptr;
  }
  if (pattern_memory_ > limits().max_pattern_memory) {
    Problem(std::string(path), "the patterns of the schema are too many or too large");
    return nullptr;
  }
  absl::StatusOr<Pattern> pattern = Pattern::Compile(text);
  if (!pattern.ok()) {
    Problem(std::string(path), std::string(pattern.status().message()));
    // Finding that out took as much as one that fits.
    if (absl::IsResourceExhausted(pattern.status())) pattern_memory_ += Pattern::kMaxMemory;
    return nullptr;
  }
  pattern_memory_ += pattern->memory();
  auto kept = std::make_unique<const Pattern>(*std::move(pattern));
  return program_.patterns.emplace(text, std::move(kept)).first->second.get();
}

const std::string* Compiler::Identify(const Json& id, const Json& schema, const Node& node,
                                      const std::string* base) {
  const std::string uri = id.is_string() && id.get_ref<const std::string&>().size() <= kMaxUri
                              ? ResolveUri(*base, id.get_ref<const std::string&>())
                              : std::string();
  if (uri.empty() || uri.size() > kMaxUri) {
    Problem(node.Path() + "/$id",
            fmt::format("must be a URI reference of at most {} bytes", kMaxUri));
    return base;
  }
  const SplitUri split = SplitFragment(uri);
  const bool added =
      split.fragment.empty()
          ? resources_.emplace(std::string(split.resource), Resource{&schema, &node}).second
          : names_.emplace(uri, &node).second;
  if (!added) Problem(node.Path() + "/$id", "another part of the schema has the same");
  return split.fragment.empty() ? &*bases_.emplace(split.resource).first : base;
}

void Compiler::Bind(Reference& reference, Node& node, const Json& uri, const std::string* base) {
  if (!uri.is_string() || uri.get_ref<const std::string&>().size() > kMaxUri) {
    Problem(node.Path() + "/$ref",
            fmt::format("must be a URI reference of at most {} bytes", kMaxUri));
    return;
  }
  pending_.push_back({&reference, &node, ResolveUri(*base, uri.get_ref<const std::string&>())});
}

const Node* Compiler::At(const Resource& resource, const std::string& base,
                         const std::string& pointer) {
  const Json* target = Find(*resource.schema, pointer);
  if (target == nullptr) return nullptr;
  return Compile(*target, {resource.node, pointer, &*bases_.emplace(base).first, 0});
}

const Node* Compiler::Target(const Pending& pending) {
  const SplitUri split = SplitFragment(pending.uri);
  const std::string path = pending.node->Path() + "/$ref";
  const std::string base(split.resource);
  const auto resource = resources_.find(base);
  const Node* target = nullptr;
  if (resource == resources_.end()) {
    Problem(path,
            "leads out of this document; only \"#/...\" and an \"$id\" within it are followed");
    return &accepting_;
  }
  const std::optional<std::string> fragment = http::PercentDecode(split.fragment);
  if (fragment && (fragment->empty() || fragment->front() == '/')) {
    target = At(resource->second, base, *fragment);
  } else if (const auto name = names_.find(pending.uri); name != names_.end()) {
    target = name->second;
  }
  if (target != nullptr) return target;
  Problem(path, "leads to nothing in this document");
  return &accepting_;
}

}  // namespace penstock::json_schema
