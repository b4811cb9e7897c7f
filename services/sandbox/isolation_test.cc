// Nothing an evaluation does is visible to the next, and nothing gets out.
#include <catch2/catch.hpp>
#include <utility>

#include "libs/sandbox/testing.h"

namespace penstock::sandbox {
namespace {

using testing::Run;

// What the first evaluation tries to leave, and an expression by which the second would notice: it
// is "clean" as long as it was left nothing.
TEST_CASE("one evaluation leaves nothing for the next") {
  const auto [leave, notice] = GENERATE(table<const char*, const char*>({
      {"globalThis.leak = 1", "typeof leak"},
      {"Object.defineProperty(globalThis, 'leak', { value: 1 })", "typeof leak"},
      {"this.leak = 1", "typeof leak"},
      {"leak = 1", "typeof leak"},
      {"Object.prototype.leak = 1", "typeof ({}).leak"},
      {"({}).__proto__.leak = 1", "typeof ({}).leak"},
      {"input.__proto__.leak = 1", "typeof ({}).leak"},
      {"Object.setPrototypeOf(Array.prototype, { leak: 1 })", "typeof [].leak"},
      {"Array.prototype.leak = 1", "typeof [].leak"},
      {"Array.prototype[0] = 1", "typeof [,][0]"},
      {"(async () => {}).__proto__.leak = 1", "typeof (async () => {}).leak"},
      {"(function* () {}).prototype.__proto__.leak = 1", "typeof (function* () {})().leak"},
      {"[][Symbol.iterator]().__proto__.leak = 1", "typeof [][Symbol.iterator]().leak"},
      {"[].map.leak = 1", "typeof [].map.leak"},
      {"Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get.leak = 1",
       "typeof Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get.leak"},
      {"Object.getOwnPropertyDescriptor(Object.prototype, 'toString').get.leak = 1",
       "typeof Object.getOwnPropertyDescriptor(Object.prototype, 'toString').get.leak"},
      {"Object.defineProperty(Array, Symbol.species, { value: function () { return [1] } })",
       "[].map((x) => x).length ? 'leaked' : 'undefined'"},
      {"/(leak)/.exec('leak')", "typeof RegExp.$1"},
      {"/(leak)/.exec('leak')", "typeof RegExp.lastMatch"},
      {"/(leak)/.exec('leak')", "typeof /x/.constructor.lastParen"},
      {"/(leak)/.exec('leak')",
       "typeof Object.getPrototypeOf(class extends RegExp {}).rightContext"},
      {"RegExp.input = 'leak'", "typeof RegExp.input"},
      {"const f = () => /x/g; f().lastIndex = 5; f().test('x')",
       "(/x/g).lastIndex ? 'leaked' : 'undefined'"},
      {"const f = (s) => s; f`a`.leak = 1", "typeof ((s) => s)`a`.leak"},
      {"Error.prepareStackTrace = () => 'leak'", "typeof Error.prepareStackTrace"},
      {"Error.stackTraceLimit = 0", "typeof Error.stackTraceLimit"},
      {"JSON.stringify = () => 'leak'", "JSON.stringify(1) === '1' ? 'undefined' : 'leaked'"},
      {"Math.random = () => 4", "Math.random() === 4 ? 'leaked' : 'undefined'"},
      {"Promise.prototype.then = () => 1",
       "Promise.prototype.then.name === 'then' ? 'undefined' : 'leaked'"},
      {"Promise.resolve().then(() => { globalThis.leak = 1 })", "typeof leak"},
      {"(async () => { await null; await null; globalThis.leak = 1 })()", "typeof leak"},
      {"new Intl.Collator().__proto__.leak = 1", "typeof new Intl.Collator().leak"},
      {"Symbol.for('leak').description.leak = 1", "typeof Symbol.for('leak').leak"},
      {"new Map().__proto__.set.call(Map.prototype, 1, 1)", "typeof Map.prototype.leak"},
      {"Object.setPrototypeOf(globalThis, { leak: 1 })", "typeof leak"},
      {"delete globalThis.Array", "typeof Array === 'function' ? 'undefined' : 'gone'"},
      {"Uint8Array.__proto__.from = 1",
       "typeof Uint8Array.from === 'function' ? 'undefined' : 'leaked'"},
      {"let n = 0; globalThis.next = () => ++n", "typeof next"},
  }));
  INFO(leave << " / " << notice);
  Run(leave, "{}");
  CHECK(Run(std::string("return ") + notice).value_json == "\"undefined\"");
}

TEST_CASE("the same code finds the same realm every time") {
  // A counter in any place that survives would count.
  const char* place =
      GENERATE("globalThis", "Object.prototype", "Object", "Math", "input", "(() => 1)",
               "((s) => s)`x`", "RegExp", "Symbol.iterator", "Intl", "Reflect.ownKeys");
  const std::string source = std::string("const p = ") + place +
                             "; try { p.n = (p.n || 0) + 1 } catch { } return p.n || 0";
  const std::string first = Run(source, "{}").value_json;
  for (int i = 0; i < 3; ++i) CHECK(Run(source, "{}").value_json == first);
}

TEST_CASE("every object that can be reached is frozen") {
  const Outcome outcome = Run(R"(
    const seen = new Set(), open = [];
    const visit = (value, path) => {
      if (Object(value) !== value || seen.has(value)) return;
      seen.add(value);
      if (!Object.isFrozen(value)) open.push(path);
      visit(Object.getPrototypeOf(value), path + '.__proto__');
      for (const key of Reflect.ownKeys(value)) {
        const d = Object.getOwnPropertyDescriptor(value, key);
        for (const part of ['value', 'get', 'set']) visit(d[part], `${path}.${String(key)}`);
      }
    };
    visit(globalThis, 'globalThis');
    for (const made of [async () => {}, function* () {}, async function* () {}, [].values(), new Map().keys(),
                        new Set().keys(), ''[Symbol.iterator](), ''.matchAll(/x/g)]) {
      visit(Object.getPrototypeOf(made), made.constructor?.name);
    }
    return { open, many: seen.size > 500 })");
  CHECK(outcome.value_json == R"({"open":[],"many":true})");
}

TEST_CASE("text does not become code and nothing outside is in reach") {
  const char* source = GENERATE(
      "return ({}).constructor.constructor('return this')()", "return Function('return this')()",
      "return new Function('return this')()", "return (async () => {}).constructor('return 1')()",
      "return (function* () {}).constructor('yield 1')().next()",
      "return (async function* () {}).constructor('')",
      "return Reflect.construct(Function, ['return this'])", "return eval('1')",
      "return globalThis.eval('1')", "return import('fs')", "return require('fs')",
      "return process.exit()", "return process.mainModule",
      "return this.constructor.constructor('return process')()", "return arguments.callee.caller",
      "const f = () => f.caller; return f().x",
      "return input.constructor.constructor('return process')()",
      "const e = new Error(); e.__proto__.prepareStackTrace = (_, s) => s; return "
      "e.stack[0].getThis()",
      "Error.prepareStackTrace = (_, s) => s; return new Error().stack[0].getThis()",
      "try { null.f() } catch (e) { return e.constructor.constructor('return process')() }",
      "const p = new Proxy({}, { get: (t, k) => t[k] }); return p.constructor.constructor('return "
      "process')()",
      "try { (function f() { f() })() } catch (e) { return e.constructor.constructor('return "
      "process')() }",
      "return (async () => { try { await import('x') } catch (e) { return "
      "e.constructor.constructor('1')() } })()",
      "const h = { apply(t, self, a) { return a[0].constructor.constructor('return process')() } };"
      "return new Proxy(() => {}, h)({})",
      "return Array.from.constructor('return globalThis')()",
      "return [].map.call.constructor('return 1')()",
      "return Reflect.get(Map.prototype, 'size', {}).constructor", "return setTimeout(() => 1)",
      "return fetch('http://example.com')", "return new Worker('')", "return new XMLHttpRequest()",
      "return WebAssembly.compile(new Uint8Array(8))", "return new SharedArrayBuffer(8)",
      "return new WeakRef({})", "return new FinalizationRegistry(() => {})",
      "return Atomics.wait()", "with (input) { return 1 }");
  INFO(source);
  const Outcome outcome = Run(source, "{}");
  CHECK((outcome.kind == OutcomeKind::kThrew || outcome.kind == OutcomeKind::kInvalid));
}

TEST_CASE("__proto__ in an argument is a property like any other") {
  CHECK(Run("return [({}).polluted ?? null, Object.keys(input), Object.getPrototypeOf(input) === "
            "Object.prototype]",
            R"({"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}})")
            .value_json == R"([null,["__proto__","constructor"],true])");
}

TEST_CASE("this is undefined and debugger does nothing") {
  CHECK(Run("debugger; return typeof this").value_json == "\"undefined\"");
}

TEST_CASE("tenants do not meet, even in the symbol registry's objects") {
  const TenantId a = testing::MakeTenant();
  const TenantId b = testing::MakeTenant();
  Pool& pool = testing::SharedPool();
  for (const TenantId& tenant : {a, b, a, b}) {
    CHECK(pool.Evaluate(testing::Body(
                            tenant, "try { globalThis.secret = 1 } catch { } return typeof secret"))
              .value_json == "\"undefined\"");
  }
}

}  // namespace
}  // namespace penstock::sandbox
