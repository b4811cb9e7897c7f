#include "services/sandbox/exception.h"

#include <string>

#include "js/CharacterEncoding.h"
#include "js/Conversions.h"
#include "js/ErrorReport.h"
#include "js/Exception.h"
#include "js/PropertyAndElement.h"
#include "js/String.h"

namespace penstock::sandbox {
namespace {

constexpr size_t kMaxTextBytes = 8 << 10;

// The first part of a string; never splits a character.
std::string ToText(JSContext* cx, JS::HandleString string) {
  JS::RootedString head(cx, string);
  if (JS_GetStringLength(string) > kMaxTextBytes) {
    head = JS_NewDependentString(cx, string, 0, kMaxTextBytes);
    if (!head) return {};
  }
  JS::UniqueChars text = JS_EncodeStringToUTF8(cx, head);
  return text ? std::string(text.get()) : std::string();
}

std::string TextProperty(JSContext* cx, JS::HandleObject object, const char* name) {
  JS::RootedValue value(cx);
  if (!JS_GetProperty(cx, object, name, &value) || !value.isString()) {
    JS_ClearPendingException(cx);
    return {};
  }
  JS::RootedString string(cx, value.toString());
  return ToText(cx, string);
}

std::string ToStringOrEmpty(JSContext* cx, JS::HandleValue value) {
  if (value.isSymbol()) return "a symbol";
  JS::RootedString string(cx, JS::ToString(cx, value));
  if (!string) {
    JS_ClearPendingException(cx);
    return {};
  }
  return ToText(cx, string);
}

}  // namespace

Outcome DescribeException(JSContext* cx, JS::HandleValue exception, OutcomeKind kind) {
  Outcome outcome;
  outcome.kind = kind;
  if (exception.isObject()) {
    JS::RootedObject object(cx, &exception.toObject());
    outcome.error_name = TextProperty(cx, object, "name");
    outcome.error_message = TextProperty(cx, object, "message");
    outcome.error_stack = TextProperty(cx, object, "stack");
    // The stack of a syntax error is empty, for nothing ran; where it is, is what its author needs.
    JSErrorReport* report = JS_ErrorFromException(cx, object);
    if (report && kind == OutcomeKind::kInvalid && report->exnType == JSEXN_SYNTAXERR) {
      outcome.error_message += " (line " + std::to_string(report->lineno) + ", column " +
                               std::to_string(report->column) + ")";
    }
  }
  if (outcome.error_message.empty()) outcome.error_message = ToStringOrEmpty(cx, exception);
  if (outcome.error_name.empty()) outcome.error_name = "Error";
  JS_ClearPendingException(cx);
  return outcome;
}

Outcome TakeException(JSContext* cx, OutcomeKind kind) {
  JS::RootedValue exception(cx);
  if (!JS_IsExceptionPending(cx) || !JS_GetPendingException(cx, &exception)) {
    Outcome outcome;
    outcome.kind = OutcomeKind::kTimedOut;
    outcome.error_message = "the evaluation was interrupted";
    return outcome;
  }
  JS_ClearPendingException(cx);
  return DescribeException(cx, exception, kind);
}

}  // namespace penstock::sandbox
