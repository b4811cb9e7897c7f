#include "libs/transcoding/path_template.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fmt/format.h"
#include "libs/http/percent.h"

namespace penstock::transcoding {
namespace {

using Kind = PathSegment::Kind;

bool IsDotSegment(std::string_view segment) {
  // Decoded it has at most two characters, encoded at most six.
  if (segment.empty() || segment.size() > 6) return false;
  const std::optional<std::string> decoded = http::PercentDecode(segment);
  return decoded == "." || decoded == "..";
}

// None when the path can match nothing.
std::optional<std::vector<std::string_view>> SegmentsOf(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    if (path.front() != '/') return std::nullopt;
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    if (IsDotSegment(segments.back())) return std::nullopt;
    path.remove_prefix(end);
  }
  return segments;
}

// Of two segments at the same place; `rest` is what a template ends with.
enum class Relation : uint8_t { kDisjoint, kEqual, kFirstNarrower, kSecondNarrower };

Relation Relate(const PathSegment& first, const PathSegment& second) {
  if (first.kind == Kind::kLiteral && second.kind == Kind::kLiteral) {
    return first.literal == second.literal ? Relation::kEqual : Relation::kDisjoint;
  }
  if (first.kind == second.kind) return Relation::kEqual;
  return first.kind < second.kind ? Relation::kFirstNarrower : Relation::kSecondNarrower;
}

// A template without a verb also matches what looks like one, where its last segment is a wildcard.
Relation RelateVerbs(const PathTemplate& first, const PathTemplate& second) {
  if (first.verb() == second.verb()) return Relation::kEqual;
  if (!first.verb().empty() && !second.verb().empty()) return Relation::kDisjoint;
  const PathTemplate& plain = first.verb().empty() ? first : second;
  if (plain.segments().back().kind == Kind::kLiteral) return Relation::kDisjoint;
  return first.verb().empty() ? Relation::kSecondNarrower : Relation::kFirstNarrower;
}

}  // namespace

// Reads one template from the left.
class PathTemplateParser {
 public:
  explicit PathTemplateParser(std::string_view text) : rest_(text) { result_.text_ = text; }

  absl::StatusOr<PathTemplate> Parse() {
    if (!rest_.starts_with('/')) return Wrong("it begins with no '/'");
    while (Take('/')) {
      absl::Status read = rest_.starts_with('{') ? ReadVariable() : ReadSegment("/:");
      if (!read.ok()) return read;
    }
    if (Take(':')) {
      result_.verb_ = TakeUntil("/:{}*");
      if (result_.verb_.empty()) return Wrong("its verb is empty");
    }
    if (!rest_.empty()) return Wrong(fmt::format("\"{}\" is left over", rest_));
    for (size_t i = 0; i + 1 < result_.segments_.size(); ++i) {
      if (result_.segments_[i].kind == Kind::kRest) return Wrong("\"**\" is not last");
    }
    return std::move(result_);
  }

 private:
  absl::Status Wrong(std::string_view what) const {
    return absl::InvalidArgumentError(fmt::format("path template {}: {}", result_.text_, what));
  }

  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view TakeUntil(std::string_view stops) {
    const size_t end = std::min(rest_.find_first_of(stops), rest_.size());
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return taken;
  }

  absl::Status ReadSegment(std::string_view stops) {
    const std::string_view text = TakeUntil(stops);
    if (text == "*" || text == "**") {
      result_.segments_.push_back({text == "*" ? Kind::kOne : Kind::kRest});
      return absl::OkStatus();
    }
    if (text.empty()) return Wrong("a segment is empty");
    if (text.find_first_of("*{}=") != text.npos) {
      return Wrong(fmt::format("\"{}\" is no segment", text));
    }
    result_.segments_.push_back({Kind::kLiteral, std::string(text)});
    return absl::OkStatus();
  }

  absl::Status ReadVariable() {
    Take('{');
    PathVariable variable{.field_path = std::string(TakeUntil("=}/:{")),
                          .first = result_.segments_.size()};
    if (variable.field_path.empty()) return Wrong("a variable has no name");
    for (const PathVariable& other : result_.variables_) {
      if (other.field_path == variable.field_path) {
        return Wrong(fmt::format("{} comes twice", variable.field_path));
      }
    }
    if (Take('=')) {
      do {
        if (absl::Status read = ReadSegment("/}"); !read.ok()) return read;
      } while (Take('/'));
    } else {
      result_.segments_.push_back({Kind::kOne});
    }
    if (!Take('}')) return Wrong(fmt::format("the variable {} has no end", variable.field_path));
    variable.end = result_.segments_.size();
    variable.is_multi =
        variable.end - variable.first > 1 || result_.segments_[variable.first].kind == Kind::kRest;
    result_.variables_.push_back(std::move(variable));
    return absl::OkStatus();
  }

  std::string_view rest_;
  PathTemplate result_;
};

absl::StatusOr<PathTemplate> PathTemplate::Parse(std::string_view text) {
  return PathTemplateParser(text).Parse();
}

std::optional<std::vector<std::string_view>> PathTemplate::Match(std::string_view path) const {
  if (!verb_.empty()) {
    if (!path.ends_with(verb_)) return std::nullopt;
    path.remove_suffix(verb_.size());
    if (!path.ends_with(':')) return std::nullopt;
    path.remove_suffix(1);
  }
  const std::optional<std::vector<std::string_view>> found = SegmentsOf(path);
  if (!found) return std::nullopt;
  const bool open_ended = segments_.back().kind == Kind::kRest;
  const size_t fixed = segments_.size() - (open_ended ? 1 : 0);
  if (found->size() < fixed || (!open_ended && found->size() > fixed)) return std::nullopt;
  for (size_t i = 0; i < fixed; ++i) {
    const std::string_view segment = (*found)[i];
    if (segments_[i].kind == Kind::kLiteral ? segment != segments_[i].literal : segment.empty()) {
      return std::nullopt;
    }
  }
  // Empty segments among the rest would make two paths of one.
  for (size_t i = fixed; i < found->size(); ++i) {
    if ((*found)[i].empty()) return std::nullopt;
  }
  std::vector<std::string_view> values;
  for (const PathVariable& variable : variables_) {
    const size_t end = variable.end > fixed ? found->size() : variable.end;
    if (variable.first >= end) {
      values.emplace_back();
      continue;
    }
    // Segments view one text, so what lies between the first and the last is the value.
    const char* const begin = (*found)[variable.first].data();
    const std::string_view last = (*found)[end - 1];
    values.emplace_back(begin, last.data() + last.size() - begin);
  }
  return values;
}

Overlap Compare(const PathTemplate& first, const PathTemplate& second) {
  bool first_narrower = false, second_narrower = false;
  auto note = [&](Relation relation) {
    first_narrower |= relation == Relation::kFirstNarrower;
    second_narrower |= relation == Relation::kSecondNarrower;
    return relation != Relation::kDisjoint;
  };
  const auto& a = first.segments();
  const auto& b = second.segments();
  bool a_open = false, b_open = false;
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    a_open = i < a.size() ? a[i].kind == Kind::kRest : a_open;
    b_open = i < b.size() ? b[i].kind == Kind::kRest : b_open;
    // "**" takes whatever the other has from here on.
    if (a_open || b_open) {
      if (a_open != b_open) note(a_open ? Relation::kSecondNarrower : Relation::kFirstNarrower);
      break;
    }
    if (i >= a.size() || i >= b.size() || !note(Relate(a[i], b[i]))) return Overlap::kNone;
  }
  if (!note(RelateVerbs(first, second))) return Overlap::kNone;
  if (first_narrower == second_narrower) return Overlap::kAmbiguous;
  return first_narrower ? Overlap::kFirstWithin : Overlap::kSecondWithin;
}

std::optional<std::string> DecodeVariable(std::string_view text, bool is_multi) {
  if (!is_multi) return http::PercentDecode(text);
  std::string decoded;
  while (true) {
    size_t slash = 0;
    for (; slash < text.size(); ++slash) {
      if (absl::EqualsIgnoreCase({text.data() + slash, std::min<size_t>(3, text.size() - slash)},
                                 "%2F")) {
        break;
      }
    }
    const std::optional<std::string> part = http::PercentDecode(text.substr(0, slash));
    if (!part) return std::nullopt;
    decoded += *part;
    if (slash >= text.size()) return decoded;
    decoded += text.substr(slash, 3);
    text.remove_prefix(slash + 3);
  }
}

}  // namespace penstock::transcoding
