// "{{path}}" templates (W3): text and JSON with holes, parsed once, rendered for each visit of a node.
//
// A hole holds a path and nothing else: no operators, no calls, no filters. What needs more is JavaScript in a function node.
//
// Where a path is looked up: first in the node's input; then, by its first segment, "input" (the whole input),
// "nodes.<id>.output", "variables", "execution" and "trigger". A path that leads nowhere is empty in text, and null as a whole value.
// In text, strings stand bare, null as nothing, all else as JSON. "\{{" is a literal "{{".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/json/path.h"
#include "services/workflow_engine/domain/definition.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

// What rendering may produce; past it, RESOURCE_EXHAUSTED.
inline constexpr size_t kMaxRenderedBytes = 8 << 20;

class Template {
 public:
  // INVALID_ARGUMENT, worded for the author, when a hole is not a path or is never closed.
  static absl::StatusOr<Template> Parse(std::string_view text);

  absl::StatusOr<std::string> RenderText(const NodeContext& context) const;
  // As text, with `escape` applied to what fills the holes, except one that the template begins with. For URLs, where the first hole is
  // a base and every other a component.
  absl::StatusOr<std::string> RenderEscaped(const NodeContext& context,
                                            std::string (*escape)(std::string_view)) const;
  // As JSON: the value itself when the template is exactly one hole, else a string.
  absl::StatusOr<std::string> RenderJson(const NodeContext& context) const;

  // Of its holes.
  std::vector<json::Path> paths() const;

  bool is_one_hole() const { return pieces_.size() == 1 && !pieces_[0].path.empty(); }
  bool is_constant() const { return pieces_.empty() || (pieces_.size() == 1 && pieces_[0].path.empty()); }

 private:
  friend class JsonTemplate;
  // Literal text, or a hole when `path` is not empty.
  struct Piece {
    std::string text;
    json::Path path;
  };
  std::vector<Piece> pieces_;
};

// A JSON value whose strings are templates. Keys are taken literally.
class JsonTemplate {
 public:
  // As Template::Parse; the message names the place within `value`.
  static absl::StatusOr<JsonTemplate> Parse(const Json& value);

  absl::StatusOr<std::string> Render(const NodeContext& context) const;

 private:
  // JSON text as it is, or a template where a value stands.
  struct Part {
    std::string json;
    std::vector<Template> value;  // none or one
  };
  absl::Status Add(const Json& value, const std::string& where);
  void AddText(std::string_view json);

  std::vector<Part> parts_;
};

}  // namespace penstock::workflow_engine
