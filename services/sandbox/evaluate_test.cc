// What code may return, throw and expect of the language.
#include <catch2/catch.hpp>

#include "libs/sandbox/testing.h"

namespace penstock::sandbox {
namespace {

using testing::Run;
using testing::RunExpression;

TEST_CASE("arguments are plain objects all the way down") {
  CHECK(Run("input.a.push(3); return { ...input, b: input.a.map((x) => x * 2) }", R"({"a":[1,2]})")
            .value_json == R"({"a":[1,2,3],"b":[2,4,6]})");
  CHECK(RunExpression("input.s + '€😀'", R"({"s":"ü"})").value_json == "\"ü€😀\"");
}

TEST_CASE("undefined is null and a lone surrogate is escaped") {
  CHECK(Run("").value_json == "null");
  CHECK(Run("return '\\ud800'").value_json == R"("\ud800")");
}

TEST_CASE("promises are awaited") {
  CHECK(Run("return await Promise.all([1, (async () => 2)()])").value_json == "[1,2]");
  CHECK(Run("return Promise.reject(new RangeError('no'))").error_name == "RangeError");
  CHECK(Run("for await (const x of [Promise.resolve(1)]) return x").value_json == "1");
  const Outcome never = Run("return new Promise(() => {})");
  CHECK(never.kind == OutcomeKind::kInvalid);
  CHECK_THAT(never.error_message, Catch::Contains("never settles"));
}

TEST_CASE("what has no JSON is invalid and says why") {
  CHECK_THAT(Run("return 1n").error_message, Catch::Contains("BigInt"));
  CHECK_THAT(Run("return () => 1").error_message, Catch::Contains("function"));
  CHECK_THAT(Run("return Symbol()").error_message, Catch::Contains("symbol"));
  CHECK_THAT(Run("const o = {}; o.o = o; return o").error_message, Catch::Contains("cyclic"));
}

TEST_CASE("an error keeps its name, message and line") {
  const Outcome outcome =
      Run("\nclass Mine extends Error { name = 'Mine' }\nthrow new Mine('why')");
  CHECK(outcome.kind == OutcomeKind::kThrew);
  CHECK(outcome.error_name == "Mine");
  CHECK(outcome.error_message == "why");
  CHECK_THAT(outcome.error_stack, Catch::Contains("script:3"));
  CHECK_THAT(RunExpression("null.x").error_stack, Catch::Contains("script:1"));
  CHECK_THAT(Run("await null\nnull.x").error_stack, Catch::Contains("script:2"));
  CHECK(Run("throw 'text'").error_message == "text");
}

TEST_CASE("code that does not parse is invalid with its line") {
  const Outcome outcome = Run("let a = 1\nlet a = 2");
  CHECK(outcome.kind == OutcomeKind::kInvalid);
  CHECK(outcome.error_name == "SyntaxError");
  CHECK_THAT(outcome.error_message, Catch::Contains("line 2"));
}

TEST_CASE("text that closes its function or brackets and goes on is a syntax error") {
  const char* body = GENERATE("}); globalThis.x = 1; (function(){", "} { ", "}, function(){",
                              "await 1 }); globalThis.x = 1; (async () => {", "/*", "return `");
  CHECK(Run(body).kind == OutcomeKind::kInvalid);
  const char* expression = GENERATE("1); evil(); (2", "1; 2", "1 //\n); (2", "", "return 1",
                                    "1) + (2", "...[1]", "/*", "`");
  CHECK(RunExpression(expression).kind == OutcomeKind::kInvalid);
}

TEST_CASE("an expression may end in a comment and span lines") {
  CHECK(RunExpression("1 +\n2 // three").value_json == "3");
  CHECK(RunExpression("(1, 2)").value_json == "2");
}

TEST_CASE("common properties of frozen prototypes can be overridden by assignment") {
  CHECK(Run("const e = new Error('a'); e.name = 'n'; e.message = 'm'; e.toString = () => 't'; "
            "return `${e}`")
            .value_json == "\"t\"");
  CHECK(Run("const o = {}; o.toString = 1; o.constructor = 2; o.hasOwnProperty = 3; return o")
            .value_json == R"({"toString":1,"constructor":2,"hasOwnProperty":3})");
  CHECK(Run("function F() {} F.prototype.toString = () => 'F'; return `${new F()}`").value_json ==
        "\"F\"");
}

TEST_CASE("regular expressions are constructed as everywhere") {
  CHECK(Run("const r = /a/g; return [RegExp(r) === r, new RegExp(r) === r, String(new RegExp(r, "
            "'i')), "
            "RegExp('b').test('abc'), new RegExp('x') instanceof RegExp, /x/.constructor === "
            "RegExp, RegExp.name]")
            .value_json == R"([true,false,"/a/i",true,true,true,"RegExp"])");
  CHECK(Run("class Mine extends RegExp { test(s) { return super.test(s) + '!' } } return new "
            "Mine('a').test('a')")
            .value_json == "\"true!\"");
  CHECK(Run("return ['a-b-c'.split(/-/), 'aXbX'.replaceAll(/x/gi, '_'), 'a1'.search(/\\d/)]")
            .value_json == R"([["a","b","c"],"a_b_",1])");
}

TEST_CASE("the library of the language works where no file can be opened") {
  CHECK(
      Run("return new Date(0).toLocaleString('de-DE', { timeZone: 'Europe/Berlin' })").value_json ==
      "\"1.1.1970, 01:00:00\"");
  CHECK(Run("return new Intl.NumberFormat('de').format(12345.67)").value_json == "\"12.345,67\"");
  CHECK(Run("return new Date(2020, 1, 1).getTimezoneOffset()").value_json == "0");
  CHECK(Run("return [...'a1b2'.matchAll(/[a-z](?<n>\\d)/g)].map((m) => m.groups.n)").value_json ==
        R"(["1","2"])");
}

}  // namespace
}  // namespace penstock::sandbox
