#include "libs/json_schema/ecma_pattern.h"

#include <cctype>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "libs/json_schema/ecma_escape.h"
#include "libs/status/macros.h"

namespace penstock::json_schema {
namespace {

constexpr std::string_view kDot = R"([^\n\r\x{2028}\x{2029}])";
constexpr std::string_view kEverything = R"(\x{0}-\x{10ffff})";

class Translator {
 public:
  explicit Translator(std::string_view pattern) : in_(pattern) {}

  absl::StatusOr<std::string> Run() {
    while (!in_.AtEnd()) RETURN_IF_ERROR(Term());
    if (depth_ > 0) return absl::InvalidArgumentError("a group is not closed");
    return std::move(out_);
  }

 private:
  absl::Status Term();
  absl::Status Group();
  absl::Status Quantifier(std::string_view text);
  absl::Status Escape();
  absl::Status Class();
  absl::StatusOr<ClassAtom> NextClassAtom();
  absl::Status ClassItem(std::string& items);

  void Atom(std::string_view text) {
    out_ += text;
    can_repeat_ = true;
  }
  void Assertion(std::string_view text) {
    out_ += text;
    can_repeat_ = false;
  }

  PatternReader in_;
  std::string out_;
  int depth_ = 0;
  bool can_repeat_ = false;  // what stands last in out_
};

absl::Status Translator::Term() {
  if (const std::string_view braces = in_.TakeBraceQuantifier(); !braces.empty()) {
    return Quantifier(braces);
  }
  const char c = in_.Take();
  switch (c) {
    case '^':
    case '$':
    case '|':
      Assertion({&c, 1});
      return absl::OkStatus();
    case '(':
      return Group();
    case ')':
      if (depth_-- == 0) return absl::InvalidArgumentError("\")\" closes no group");
      Atom(")");
      return absl::OkStatus();
    case '*':
    case '+':
    case '?':
      return Quantifier({&c, 1});
    case '.':
      Atom(kDot);
      return absl::OkStatus();
    case '[':
      return Class();
    case '\\':
      return Escape();
    case '{':
    case '}':
    case ']':
      Atom(fmt::format("\\{}", c));
      return absl::OkStatus();
    default:
      Atom({&c, 1});
      return absl::OkStatus();
  }
}

// Nothing refers back to a group, so that none needs to capture.
absl::Status Translator::Group() {
  ++depth_;
  Assertion("(?:");
  if (!in_.TakeIf("?") || in_.TakeIf(":")) return absl::OkStatus();
  for (const char* look : {"=", "!", "<=", "<!"}) {
    if (in_.TakeIf(look)) {
      return absl::UnimplementedError(fmt::format("\"(?{}\" (lookaround) is not supported", look));
    }
  }
  if (in_.TakeIf("<") && in_.TakeGroupName()) return absl::OkStatus();
  return absl::InvalidArgumentError("\"(?\" starts no group that ECMA 262 knows");
}

absl::Status Translator::Quantifier(std::string_view text) {
  if (!can_repeat_) {
    return absl::InvalidArgumentError(fmt::format("nothing to repeat before \"{}\"", text));
  }
  Assertion(text);
  if (in_.TakeIf("?")) out_ += '?';
  return absl::OkStatus();
}

absl::Status Translator::Escape() {
  if (in_.TakeIf("b")) return Assertion("\\b"), absl::OkStatus();
  if (in_.TakeIf("B")) return Assertion("\\B"), absl::OkStatus();
  if (in_.AtBackReference()) {
    return absl::UnimplementedError("back-references are not supported");
  }
  ASSIGN_OR_RETURN(const ClassAtom atom, ReadEscape(in_));
  Atom(atom.code_point ? CodePoint(*atom.code_point) : "[" + atom.set + "]");
  return absl::OkStatus();
}

absl::StatusOr<ClassAtom> Translator::NextClassAtom() {
  if (in_.AtEnd()) return absl::InvalidArgumentError("\"[\" is not closed");
  if (!in_.TakeIf("\\")) return ClassAtom{in_.TakeCodePoint(), {}};
  if (in_.TakeIf("b")) return ClassAtom{8, {}};
  return ReadEscape(in_);
}

// One character or set, or a range of characters.
absl::Status Translator::ClassItem(std::string& items) {
  ASSIGN_OR_RETURN(const ClassAtom from, NextClassAtom());
  const bool range = in_.Peek("-") && !in_.Peek("-]");
  if (!range) {
    items += from.code_point ? CodePoint(*from.code_point) : from.set;
    return absl::OkStatus();
  }
  in_.TakeIf("-");
  ASSIGN_OR_RETURN(const ClassAtom to, NextClassAtom());
  if (!from.code_point || !to.code_point) {
    items += (from.code_point ? CodePoint(*from.code_point) : from.set) + CodePoint('-') +
             (to.code_point ? CodePoint(*to.code_point) : to.set);
    return absl::OkStatus();
  }
  if (*from.code_point > *to.code_point) {
    return absl::InvalidArgumentError("a range in \"[…]\" runs backwards");
  }
  items += CodePoint(*from.code_point) + "-" + CodePoint(*to.code_point);
  return absl::OkStatus();
}

absl::Status Translator::Class() {
  bool negated = in_.TakeIf("^");
  std::string items;
  while (!in_.TakeIf("]")) RETURN_IF_ERROR(ClassItem(items));
  if (items.empty()) {  // "[]" is nothing, "[^]" everything
    negated = !negated;
    items = kEverything;
  }
  Atom(fmt::format("[{}{}]", negated ? "^" : "", items));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> EcmaToRe2(std::string_view pattern) {
  return Translator(pattern).Run();
}

}  // namespace penstock::json_schema
