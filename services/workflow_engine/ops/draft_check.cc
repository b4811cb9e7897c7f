#include "services/workflow_engine/ops/draft_check.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/json/validate.h"

namespace penstock::workflow_engine {
namespace {

// Of UTF-8 text: bytes that do not continue a character.
size_t CharactersIn(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// PostgreSQL keeps every character of JSON but this one.
bool HasEscapedNul(std::string_view json) {
  for (size_t i = 0; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') continue;
    if (json.substr(i, 6) == "\\u0000") return true;
    ++i;  // the escaped character, which may be a backslash
  }
  return false;
}

class DraftCheck {
 public:
  explicit DraftCheck(std::string field) : field_(std::move(field)) {}

  void CheckText(std::string_view member, const std::string& text, size_t shortest,
                 size_t longest) {
    if (text.find('\0') != std::string::npos) {
      Add(member, "must not contain the character U+0000");
    } else if (!json::Validate(json::Quoted(text)).ok()) {
      Add(member, "must be UTF-8");
    } else if (const size_t length = CharactersIn(text); length < shortest || length > longest) {
      Add(member, fmt::format("must have {} to {} characters", shortest, longest));
    }
  }

  void CheckTags(const std::vector<std::string>& tags) {
    if (tags.size() > kMaxTags) return Add("tags", fmt::format("must be at most {}", kMaxTags));
    std::set<std::string_view> seen;
    for (size_t i = 0; i < tags.size(); ++i) {
      const std::string member = fmt::format("tags[{}]", i);
      CheckText(member, tags[i], 1, kMaxTagLength);
      if (!seen.insert(tags[i]).second) Add(member, "repeats an earlier tag");
    }
  }

  void CheckDefinition(const DefinitionText& definition) {
    const std::pair<std::string_view, const std::string*> parts[] = {
        {"nodes", &definition.nodes},
        {"edges", &definition.edges},
        {"variables", &definition.variables},
        {"settings", &definition.settings}};
    size_t bytes = 0;
    for (const auto& [name, text] : parts) {
      bytes += text->size();
      if (const absl::Status valid = json::Validate(*text); !valid.ok()) {
        Add(name, std::string(valid.message()));
      } else if (HasEscapedNul(*text)) {
        Add(name, "must not contain the character U+0000");
      }
    }
    if (bytes > kMaxDefinitionBytes) {
      violations_.push_back(
          {field_, fmt::format("must not be larger than {} MiB", kMaxDefinitionBytes >> 20)});
    }
  }

  // Only for a definition that CheckDefinition had nothing to say about: reading is recursive.
  void CheckShape(const DefinitionText& definition) {
    if (!violations_.empty()) return;
    std::vector<Problem> problems;
    ParseDefinition(definition, problems);
    for (Problem& problem : problems) Add(problem.field, std::move(problem.description));
  }

  absl::Status status() const {
    return violations_.empty() ? absl::OkStatus() : BadRequest(violations_);
  }
  void Take(DraftCheck other) {
    std::ranges::move(other.violations_, std::back_inserter(violations_));
  }

 private:
  void Add(std::string_view member, std::string description) {
    violations_.push_back(
        {fmt::format("{}{}{}", field_, field_.empty() ? "" : ".", member), std::move(description)});
  }

  const std::string field_;
  std::vector<FieldViolation> violations_;
};

}  // namespace

absl::Status CheckDraft(const WorkflowDraft& draft, const std::string& field) {
  DraftCheck check(field);
  check.CheckText("name", draft.name, 1, kMaxNameLength);
  check.CheckText("description", draft.description, 0, kMaxDescriptionLength);
  check.CheckText("service_display_name", draft.service_display_name, 1, kMaxNameLength);
  check.CheckTags(draft.tags);
  DraftCheck definition(field + ".definition");
  definition.CheckDefinition(draft.definition);
  definition.CheckShape(draft.definition);
  check.Take(std::move(definition));
  return check.status();
}

absl::Status CheckDefinitionText(const DefinitionText& definition, const std::string& field) {
  DraftCheck check(field);
  check.CheckDefinition(definition);
  return check.status();
}

absl::Status CheckRequestId(const std::string& request_id) {
  DraftCheck check("");
  check.CheckText("request_id", request_id, 0, kMaxRequestIdLength);
  return check.status();
}

}  // namespace penstock::workflow_engine
