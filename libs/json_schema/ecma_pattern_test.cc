// What patterns mean, in ECMA 262's sense, on RE2.
#include "catch2/catch.hpp"
#include "libs/json_schema/pattern.h"

namespace penstock::json_schema {
namespace {

bool IsFound(const char* pattern, std::string_view text) {
  const absl::StatusOr<Pattern> compiled = Pattern::Compile(pattern);
  INFO(pattern);
  INFO(compiled.status());
  REQUIRE(compiled.ok());
  return compiled->IsFoundIn(text);
}

struct Case {
  const char* pattern;
  std::string_view text;
};

TEST_CASE("a pattern finds what ECMA 262 says") {
  using namespace std::string_view_literals;
  for (const Case& c : {Case{"a+", "xay"},
                        {"^a$", "a"},
                        {"^$", ""},
                        {"^[^]$", "\n"},
                        {"^[[:a]+$", "[:a"},
                        {"^[a\\-z]+$", "a-z"},
                        {"^[\\w-]+$", "a-b"},
                        {"^[a-\\d]+$", "a-1"},
                        {"^\\s$", "\xc2\xa0"},
                        {"^\\s$", "\v"},
                        {"^[\\s,]+$", ", \xe2\x80\xa8"},
                        {"^\\S$", "\xc3\xa9"},
                        {"^\\u00e9$", "\xc3\xa9"},
                        {"^\\u{1F600}$", "\xf0\x9f\x98\x80"},
                        {"^\\uD83D\\uDE00$", "\xf0\x9f\x98\x80"},
                        {"^.$", "\xf0\x9f\x98\x80"},
                        {"^\\x41\\cJ\\0$", "A\n\0"sv},
                        {"^[\\b]$", "\b"},
                        {"\\bfoo\\b", "a foo b"},
                        {"^(?<year>\\d{4})-(?:x|y)$", "2024-y"},
                        {"^a{2,3}?$", "aaa"},
                        {"^a{,2}$", "a{,2}"},
                        {"^{$", "{"},
                        {"^]}$", "]}"},
                        {"^\\/\\@\\_$", "/@_"},
                        {"^\\p{Lu}\\P{L}$", "A1"},
                        {"^\\p{Script=Greek}$", "\xce\xb1"},
                        {"^[\\p{L}\\d]+$", "a1"},
                        {"a|b", "b"}}) {
    INFO(c.pattern);
    CHECK(IsFound(c.pattern, c.text));
  }
}

TEST_CASE("a pattern does not find what ECMA 262 does not") {
  for (const Case& c : {Case{"^a$", "a\n"},
                        {"^a$", "b\na"},
                        {"^.$", "\n"},
                        {"^.$", "\r"},
                        {"^.$", "\xe2\x80\xa8"},
                        {"[]", "a"},
                        {"^\\S$", "\xc2\xa0"},
                        {"^\\d$", "\xd9\xa1"},
                        {"^[[:alpha:]]$", "a"},
                        {"^\\w$", "\xc3\xa9"},
                        {"a", "A"}}) {
    INFO(c.pattern);
    CHECK_FALSE(IsFound(c.pattern, c.text));
  }
}

TEST_CASE("what only backtracking can do is said to be so") {
  for (const char* pattern :
       {"a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>"}) {
    const absl::Status status = Pattern::Compile(pattern).status();
    INFO(status);
    CHECK(status.code() == absl::StatusCode::kUnimplemented);
    CHECK(std::string(status.message()).find(pattern) != std::string::npos);
  }
}

TEST_CASE("what ECMA 262 does not know is refused, also what RE2 would take") {
  for (const char* pattern :
       {"(",      "a)",    "[a",       "*a",          "a**",   "^*",        "a++",
        "\\",     "[\\",   "\\Z",      "\\A",         "\\z",   "\\Qa.b\\E", "\\C",
        "\\pN",   "(?i)a", "(?P<n>a)", "(?#c)",       "(?>a)", "[b-a]",     "a{2,1}",
        "\\u12",  "\\xg1", "\\uD83D",  "\\u{110000}", "\\u{}", "\\c1",      "\\p{NoSuchScript}",
        "(?<>a)", "\\01",  "a{1001}"}) {
    INFO(pattern);
    CHECK(Pattern::Compile(pattern).status().code() == absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace penstock::json_schema
