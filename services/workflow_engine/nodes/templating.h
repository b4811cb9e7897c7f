// What the types with templates in their config share: parsing with problems, rendering with failures.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/workflow_engine/nodes/node_type.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {

using HeaderTemplates = std::vector<std::pair<std::string, Template>>;

// Parses templates; what does not parse becomes a problem of the field and yields an empty template.
class TemplateReader {
 public:
  explicit TemplateReader(std::vector<Problem>& problems) : problems_(problems) {}

  Template Text(const std::string& field, const std::string& text);
  JsonTemplate Value(const std::string& field, const Json& value);
  // An object of strings. Names must be header names, and none of those that the transport sets itself.
  HeaderTemplates Headers(const std::string& field, const Json& headers);

 private:
  std::vector<Problem>& problems_;
};

// RFC 9110's token.
bool IsHeaderName(std::string_view text);

// No control characters: a value with a line break would be two headers.
bool IsHeaderValue(std::string_view text);

// INVALID_ARGUMENT when a rendered value can't be a header.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> RenderHeaders(
    const HeaderTemplates& headers, const NodeContext& context);

// A rendering that failed fails the node for good: the same input renders the same.
Fail RenderingFailed(const absl::Status& status);

}  // namespace penstock::workflow_engine
