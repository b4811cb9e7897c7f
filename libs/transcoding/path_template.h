// Path templates of google.api.http: "/v1/things/{thing.id}/parts/*:verb".
//
//   template = "/" segment { "/" segment } [ ":" verb ]
//   segment  = literal | "*" | "**" | "{" field.path [ "=" segment { "/" segment } ] "}"
//
// "*" is one segment that is not empty, "**" the rest, perhaps nothing, and therefore last.
// Literals are compared as they are written, percent-encoding included. A path with a "." or ".."
// among its segments, encoded or not, matches nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace penstock::transcoding {

struct PathVariable {
  std::string field_path;  // "thing.id"
  size_t first = 0;        // segments [first, end) are its value
  size_t end = 0;
  bool is_multi = false;  // takes more than one segment or as many as there are
};

struct PathSegment {
  enum class Kind : uint8_t { kLiteral, kOne, kRest };
  Kind kind = Kind::kLiteral;
  std::string literal = {};
};

class PathTemplate {
 public:
  // INVALID_ARGUMENT says what is wrong with it.
  static absl::StatusOr<PathTemplate> Parse(std::string_view text);

  // What stood where the variables are, still percent-encoded, in the order of variables().
  std::optional<std::vector<std::string_view>> Match(std::string_view path) const;

  const std::string& text() const { return text_; }
  const std::vector<PathSegment>& segments() const { return segments_; }
  const std::vector<PathVariable>& variables() const { return variables_; }
  const std::string& verb() const { return verb_; }

 private:
  friend class PathTemplateParser;
  std::string text_;
  std::vector<PathSegment> segments_;
  std::vector<PathVariable> variables_;
  std::string verb_;  // empty = none
};

// How the paths that two templates match lie to each other.
enum class Overlap : uint8_t {
  kNone,         // no path matches both
  kFirstWithin,  // what the first matches the second matches too: the first is the more literal
  kSecondWithin,
  kAmbiguous,  // the same paths, or neither contains the other
};
Overlap Compare(const PathTemplate& first, const PathTemplate& second);

// Decodes what a variable stands for. A variable of several segments keeps "%2F", so that slashes
// of the path and of its segments stay apart. None when it is malformed or no UTF-8.
std::optional<std::string> DecodeVariable(std::string_view text, bool is_multi);

}  // namespace penstock::transcoding
