#include "libs/json_schema/ecma_escape.h"

#include <charconv>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "re2/re2.h"

namespace penstock::json_schema {
namespace {

constexpr char32_t kMaxCodePoint = 0x10ffff;
// ECMA's white space and line ends, and all others.
constexpr std::string_view kSpace =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view kNoSpace =
    R"(\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027})"
    R"(\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsHighSurrogate(char32_t c) { return c >= 0xd800 && c < 0xdc00; }
bool IsLowSurrogate(char32_t c) { return c >= 0xdc00 && c < 0xe000; }

absl::StatusOr<ClassAtom> Single(std::optional<char32_t> code_point, std::string_view escape) {
  if (!code_point || *code_point > kMaxCodePoint || IsHighSurrogate(*code_point) ||
      IsLowSurrogate(*code_point)) {
    return absl::InvalidArgumentError(
        fmt::format("\"\\{}\" is not followed by a character's code", escape));
  }
  return ClassAtom{*code_point, {}};
}

// Behind "\u".
std::optional<char32_t> TakeUnicode(PatternReader& in) {
  if (in.TakeIf("{")) {
    const std::optional<std::string_view> digits = in.TakeUntil('}');
    uint32_t code = 0;
    if (!digits || digits->empty() || digits->size() > 6) return std::nullopt;
    const char* end = digits->data() + digits->size();
    if (std::from_chars(digits->data(), end, code, 16).ptr != end) return std::nullopt;
    return code;
  }
  const std::optional<char32_t> high = in.TakeHex(4);
  if (!high || !IsHighSurrogate(*high) || !in.TakeIf("\\u")) return high;
  const std::optional<char32_t> low = in.TakeHex(4);
  if (!low || !IsLowSurrogate(*low)) return std::nullopt;
  return 0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00);
}

// Behind "\p" or "\P". RE2 knows general categories by their short names, and scripts.
absl::StatusOr<ClassAtom> TakeProperty(PatternReader& in, char p) {
  static const RE2& form =
      *new RE2("(?:(?:Script|sc|Script_Extensions|scx|General_Category|gc)=)?([A-Za-z_]+)");
  const std::optional<std::string_view> text = in.TakeIf("{") ? in.TakeUntil('}') : std::nullopt;
  std::string name;
  if (!text || !RE2::FullMatch(*text, form, &name)) {
    return absl::InvalidArgumentError(fmt::format("\"\\{}\" is not followed by a property", p));
  }
  return ClassAtom{std::nullopt, fmt::format("\\{}{{{}}}", p, name)};
}

std::optional<char32_t> ControlCharacter(char c) {
  switch (c) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'v':
      return '\v';
    case 'f':
      return '\f';
    case 'r':
      return '\r';
    default:
      return std::nullopt;
  }
}

std::optional<char32_t> TakeControlLetter(PatternReader& in) {
  if (in.AtEnd()) return std::nullopt;
  const char letter = in.Take();
  if (!IsLetter(letter)) return std::nullopt;
  return letter % 32;
}

}  // namespace

bool PatternReader::TakeIf(std::string_view text) {
  if (!Peek(text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

char PatternReader::Take() {
  const char c = rest_[0];
  rest_.remove_prefix(1);
  return c;
}

char32_t PatternReader::TakeCodePoint() {
  const unsigned char first = Take();
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  char32_t code = more == 0 ? first : first & (0x3f >> more);
  for (int i = 0; i < more && !AtEnd(); ++i) code = code << 6 | (Take() & 0x3f);
  return code;
}

std::optional<char32_t> PatternReader::TakeHex(size_t digits) {
  const std::string_view text = rest_.substr(0, digits);
  uint32_t code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code, 16);
  if (text.size() != digits || error != std::errc() || end != text.data() + digits) {
    return std::nullopt;
  }
  rest_.remove_prefix(digits);
  return code;
}

std::string_view PatternReader::TakeBraceQuantifier() {
  static const RE2& form = *new RE2(R"((\{[0-9]+(?:,[0-9]*)?\}))");
  std::string_view taken;
  re2::StringPiece rest(rest_.data(), rest_.size()), found;
  if (rest_.empty() || rest_[0] != '{' || !RE2::Consume(&rest, form, &found)) return taken;
  taken = rest_.substr(0, found.size());
  rest_.remove_prefix(found.size());
  return taken;
}

bool PatternReader::TakeGroupName() {
  const std::optional<std::string_view> name = TakeUntil('>');
  return name && !name->empty() && name->find_first_of("()[]\\<=! ") == name->npos;
}

std::optional<std::string_view> PatternReader::TakeUntil(char end) {
  const size_t at = rest_.find(end);
  if (at == rest_.npos) return std::nullopt;
  const std::string_view text = rest_.substr(0, at);
  rest_.remove_prefix(at + 1);
  return text;
}

bool PatternReader::AtBackReference() const {
  return Peek("k<") || (PeekDigit() && rest_[0] != '0');
}

absl::StatusOr<ClassAtom> ReadEscape(PatternReader& in) {
  if (in.AtEnd()) return absl::InvalidArgumentError("nothing follows the last \"\\\"");
  const char32_t c = in.TakeCodePoint();
  // Punctuation, and whatever is not ASCII, is itself.
  if (c >= 0x80 || (!IsLetter(c) && !IsDigit(c))) return ClassAtom{c, {}};
  switch (c) {
    case 'd':
    case 'D':
    case 'w':
    case 'W':
      return ClassAtom{std::nullopt, {'\\', static_cast<char>(c)}};
    case 's':
      return ClassAtom{std::nullopt, std::string(kSpace)};
    case 'S':
      return ClassAtom{std::nullopt, std::string(kNoSpace)};
    case 'p':
    case 'P':
      return TakeProperty(in, c);
    case 'u':
      return Single(TakeUnicode(in), "u");
    case 'x':
      return Single(in.TakeHex(2), "x");
    case 'c':
      return Single(TakeControlLetter(in), "c");
    default:
      break;
  }
  if (const std::optional<char32_t> control = ControlCharacter(c)) return ClassAtom{control, {}};
  if (c == '0' && !in.PeekDigit()) return ClassAtom{0, {}};
  return absl::InvalidArgumentError(
      fmt::format("\"\\{}\" means nothing in ECMA 262", static_cast<char>(c)));
}

std::string CodePoint(char32_t code_point) {
  return fmt::format("\\x{{{:x}}}", static_cast<uint32_t>(code_point));
}

}  // namespace penstock::json_schema
