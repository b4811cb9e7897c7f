#include "libs/json/path.h"

#include <utility>

namespace penstock::json {
namespace {

constexpr size_t kMaxSegments = 64;
// Longer numbers can't be the index of anything that fits in memory here.
constexpr size_t kMaxIndexDigits = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Letters of every script, digits, and what ids use.
bool IsBareKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_' || c == '-' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

PathSegment MakeSegment(std::string key) {
  PathSegment segment{std::move(key), std::nullopt};
  if (segment.key.empty() || segment.key.size() > kMaxIndexDigits) return segment;
  size_t index = 0;
  for (char c : segment.key) {
    if (!IsDigit(c)) return segment;
    index = index * 10 + static_cast<size_t>(c - '0');
  }
  segment.index = index;
  return segment;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Path> Parse() {
    Path path;
    bool separated = true;  // a bare key may come first, or after a dot
    while (!rest_.empty()) {
      std::optional<PathSegment> segment = rest_[0] == '[' ? Bracket() : Bare(separated);
      if (!segment || path.size() == kMaxSegments) return std::nullopt;
      path.push_back(*std::move(segment));
      separated = !rest_.empty() && rest_[0] == '.';
      if (separated) rest_.remove_prefix(1);
      if (separated && (rest_.empty() || rest_[0] == '[')) return std::nullopt;
    }
    if (path.empty()) return std::nullopt;
    return path;
  }

 private:
  std::optional<PathSegment> Bare(bool separated) {
    size_t size = 0;
    while (size < rest_.size() && IsBareKeyCharacter(rest_[size])) ++size;
    if (size == 0 || !separated) return std::nullopt;
    return MakeSegment(std::string(Take(size)));
  }

  // [3] or ["any text but a quote"].
  std::optional<PathSegment> Bracket() {
    rest_.remove_prefix(1);
    const bool quoted = !rest_.empty() && (rest_[0] == '"' || rest_[0] == '\'');
    const size_t end = quoted ? rest_.find(rest_[0], 1) : rest_.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    if (quoted) {
      std::string key(Take(end + 1).substr(1));
      key.pop_back();
      if (rest_.empty() || rest_[0] != ']') return std::nullopt;
      rest_.remove_prefix(1);
      return PathSegment{std::move(key), std::nullopt};
    }
    PathSegment segment = MakeSegment(std::string(Take(end)));
    rest_.remove_prefix(1);
    if (!segment.index) return std::nullopt;
    return segment;
  }

  std::string_view Take(size_t size) {
    std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Path> ParsePath(std::string_view text) { return Parser(text).Parse(); }

}  // namespace penstock::json
