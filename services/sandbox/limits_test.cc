// Code without end, without bounds, or both: each is one clear outcome.
#include <catch2/catch.hpp>

#include "libs/sandbox/testing.h"

namespace penstock::sandbox {
namespace {

using testing::Run;
using testing::SharedPool;

Outcome RunBriefly(std::string source) {
  Evaluation evaluation = testing::Body(testing::MakeTenant(), std::move(source));
  evaluation.limits.cpu_time = absl::Milliseconds(50);
  return SharedPool().Evaluate(std::move(evaluation));
}

TEST_CASE("code without end times out wherever it hides") {
  const char* source = GENERATE(
      "for (;;);", "return /^(a+)+$/.test('a'.repeat(40) + '!')",
      "[3, 1, 2].sort(() => { for (;;); })", "await null; for (;;);",
      "return Promise.resolve().then(() => { for (;;); })",
      "const f = () => Promise.resolve().then(f); return f()", "return { get a() { for (;;); } }",
      "return { toJSON() { for (;;); } }", "return new Proxy({}, { ownKeys() { for (;;); } })",
      "for (;;) { try { for (;;); } finally { continue; } }",
      "throw { get message() { for (;;); } }",
      "return { [Symbol.toPrimitive]() { for (;;); } } + ''",
      "for (const x of (function* () { for (;;) yield 1; })());",
      "'x'.replace(/x/, () => { for (;;); })", "JSON.parse('[1]', () => { for (;;); })",
      "return { then(resolve) { resolve(1); } , toJSON() { while (1); } }");
  INFO(source);
  const Outcome outcome = RunBriefly(source);
  CHECK(outcome.kind == OutcomeKind::kTimedOut);
  CHECK(outcome.error_message == "the code ran longer than its time limit");
}

TEST_CASE("memory without bounds ends as out of memory, caught or not") {
  const char* source = GENERATE(
      "const x = 'x'.repeat(1e6); const a = []; for (;;) a.push(x.split(''));",
      "const x = 'x'.repeat(1e6), a = []; for (;;) { try { a.push(x.split('')) } catch { } }",
      "const a = []; for (;;) a.push(new ArrayBuffer(1 << 26));",
      "return new ArrayBuffer(3e9).byteLength",
      "let s = 'ab'; for (;;) { s += s; encodeURIComponent(s); }",
      "const t = '[' + '[0],'.repeat(1e5) + '0]', a = []; for (;;) a.push(JSON.parse(t));");
  INFO(source);
  Evaluation evaluation = testing::Body(testing::MakeTenant(), source);
  evaluation.limits.cpu_time = absl::Seconds(20);
  evaluation.limits.wall_time = absl::Seconds(60);
  CHECK(SharedPool().Evaluate(std::move(evaluation)).kind == OutcomeKind::kOutOfMemory);
  CHECK(Run("return 1").value_json == "1");
}

TEST_CASE("deep recursion throws an error that code can catch") {
  CHECK(Run("function f() { return f() + 1 } return f()").error_message == "too much recursion");
  CHECK(Run("function f() { return f() + 1 } try { f() } catch { return 'caught' }").value_json ==
        "\"caught\"");
  CHECK(Run("let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; return a").kind ==
        OutcomeKind::kInvalid);
  CHECK(Run("return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))").kind == OutcomeKind::kInvalid);
}

TEST_CASE("an output over its limit is too large, one at the limit is not") {
  Evaluation evaluation = testing::Body(testing::MakeTenant(), "return 'x'.repeat(input)", "998");
  evaluation.limits.output_bytes = 1000;
  CHECK(SharedPool().Evaluate(evaluation).value_json.size() == 1000);
  evaluation.arguments = {"999"};
  CHECK(SharedPool().Evaluate(evaluation).kind == OutcomeKind::kTooLarge);
}

TEST_CASE("the next evaluation is answered after one that was stopped") {
  CHECK(RunBriefly("for (;;);").kind == OutcomeKind::kTimedOut);
  CHECK(Run("return 2").value_json == "2");
}

}  // namespace
}  // namespace penstock::sandbox
