#include "services/sandbox/compile.h"

#include <string>
#include <utility>
#include <vector>

#include "js/CallAndConstruct.h"
#include "js/CharacterEncoding.h"
#include "js/CompilationAndEvaluation.h"
#include "js/CompileOptions.h"
#include "js/Principals.h"
#include "js/SourceText.h"
#include "js/String.h"
#include "js/ValueArray.h"
#include "jsapi.h"

namespace penstock::sandbox {
namespace {

// True only while the host itself uses a function constructor, to check syntax; user code never
// runs then.
bool host_compiles_text = false;

bool MayCompileText(JSContext*, JS::RuntimeCode, JS::HandleString) { return host_compiles_text; }

// Compiles `text` as a function body. SpiderMonkey parses it as exactly that: a body that closes
// the function and goes on is a syntax error, not a way out.
JSObject* CompileBody(JSContext* cx, const ScriptDefinition& script, const std::string& text) {
  std::vector<const char*> names;
  for (const std::string& name : script.parameters) names.push_back(name.c_str());
  JS::CompileOptions options(cx);
  options.setFileAndLine("script", 0);  // SpiderMonkey puts one line in front
  options.setForceStrictMode();
  JS::RootedObjectVector no_scopes(cx);
  // As UTF-16: the UTF-8 variant takes each byte for a character.
  size_t length = 0;
  JS::UniqueTwoByteChars characters(
      JS::UTF8CharsToNewTwoByteCharsZ(cx, JS::UTF8Chars(text.data(), text.size()), &length,
                                      js::MallocArena)
          .get());
  JS::SourceText<char16_t> source;
  if (!characters || !source.init(cx, std::move(characters), length)) return nullptr;
  JSFunction* function =
      JS::CompileFunction(cx, no_scopes, options, nullptr, names.size(), names.data(), source);
  return function ? JS_GetFunctionObject(function) : nullptr;
}

// Whether the source is the body of one async function and no more.
bool IsAsyncBody(JSContext* cx, const ScriptDefinition& script, JS::HandleObject async_function) {
  JS::RootedValueVector arguments(cx);
  for (const std::string& text : script.parameters) {
    JSString* name = JS_NewStringCopyN(cx, text.data(), text.size());
    if (!name || !arguments.append(JS::StringValue(name))) return false;
  }
  const std::string strict = "\"use strict\";" + script.source;
  JSString* body = JS_NewStringCopyUTF8N(cx, JS::UTF8Chars(strict.data(), strict.size()));
  if (!body || !arguments.append(JS::StringValue(body))) return false;
  JS::RootedValue ignored(cx);
  JS::RootedValue constructor(cx, JS::ObjectValue(*async_function));
  host_compiles_text = true;
  const bool compiled = JS::Call(cx, JS::UndefinedHandleValue, constructor, arguments, &ignored);
  host_compiles_text = false;
  return compiled;
}

// An expression stands between brackets of two kinds. Text that would close the first closes the
// wrong one of the second, so what compiles in both is balanced, and one expression.
JSObject* CompileExpression(JSContext* cx, const ScriptDefinition& script) {
  JS::RootedObject function(cx, CompileBody(cx, script, "return (" + script.source + "\n);"));
  if (!function || !CompileBody(cx, script, "return [" + script.source + "\n];")) return nullptr;
  return function;
}

}  // namespace

JSObject* Compile(JSContext* cx, const ScriptDefinition& script, JS::HandleObject async_function) {
  if (script.is_expression) return CompileExpression(cx, script);
  JS::RootedObject function(cx, CompileBody(cx, script, script.source));
  if (function || script.source.find("await") == std::string::npos) return function;

  // A body may use `await` as if its function were async.
  JS_ClearPendingException(cx);
  function = CompileBody(cx, script, "return (async () => {" + script.source + "\n})();");
  if (!function || !IsAsyncBody(cx, script, async_function)) return nullptr;
  return function;
}

void ForbidCodeFromText(JSContext* cx) {
  static const JSSecurityCallbacks callbacks = {MayCompileText, nullptr};
  JS_SetSecurityCallbacks(cx, &callbacks);
}

}  // namespace penstock::sandbox
