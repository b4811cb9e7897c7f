#include "services/sandbox/evaluate.h"

#include "js/CallAndConstruct.h"
#include "js/JSON.h"
#include "js/Promise.h"
#include "js/Realm.h"
#include "js/String.h"
#include "js/ValueArray.h"
#include "jsapi.h"
#include "services/sandbox/exception.h"
#include "services/sandbox/utf8.h"

namespace penstock::sandbox {
namespace {

Outcome Invalid(std::string_view message) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kInvalid;
  outcome.error_name = "TypeError";
  outcome.error_message = message;
  return outcome;
}

bool ParseArguments(JSContext* cx, const std::vector<std::string_view>& texts,
                    JS::MutableHandleValueVector arguments) {
  JS::RootedValue value(cx);
  for (std::string_view text : texts) {
    JS::RootedString string(cx, JS_NewStringCopyUTF8N(cx, JS::UTF8Chars(text.data(), text.size())));
    if (!string || !JS_ParseJSON(cx, string, &value) || !arguments.append(value)) return false;
  }
  return true;
}

struct JsonWriter {
  std::string text;
  size_t limit;
  bool too_large = false;

  static bool Write(const char16_t* characters, uint32_t length, void* self) {
    auto* writer = static_cast<JsonWriter*>(self);
    writer->too_large =
        length > writer->limit || !AppendUtf8(characters, length, writer->limit, writer->text);
    return !writer->too_large;
  }
};

Outcome ToJson(JSContext* cx, JS::MutableHandleValue value, size_t limit) {
  if (value.isObject() && JS::IsCallable(&value.toObject())) {
    return Invalid("the result is a function, which has no JSON");
  }
  if (value.isSymbol()) return Invalid("the result is a symbol, which has no JSON");
  JsonWriter writer{.text = {}, .limit = limit};
  if (!JS_Stringify(cx, value, nullptr, JS::NullHandleValue, &JsonWriter::Write, &writer)) {
    if (writer.too_large) {
      JS_ClearPendingException(cx);
      Outcome outcome;
      outcome.kind = OutcomeKind::kTooLarge;
      outcome.error_message =
          "the result is larger than " + std::to_string(limit) + " bytes of JSON";
      return outcome;
    }
    Outcome outcome = TakeException(cx, OutcomeKind::kInvalid);
    outcome.error_message = "the result cannot be written as JSON: " + outcome.error_message;
    return outcome;
  }
  Outcome outcome;
  outcome.kind = OutcomeKind::kValue;
  outcome.value_json = std::move(writer.text);
  return outcome;
}

// Replaces a promise by what it settles to. False with `outcome` set when it has no value.
bool Settle(JSContext* cx, PromiseJobs& jobs, JS::MutableHandleValue value, Outcome& outcome) {
  if (!value.isObject()) return true;
  JS::RootedObject promise(cx, &value.toObject());
  if (!JS::IsPromiseObject(promise)) return true;
  if (!jobs.RunUntilSettled(cx, promise)) {
    outcome = TakeException(cx, OutcomeKind::kThrew);
    return false;
  }
  switch (JS::GetPromiseState(promise)) {
    case JS::PromiseState::Fulfilled:
      value.set(JS::GetPromiseResult(promise));
      return true;
    case JS::PromiseState::Rejected: {
      JS::RootedValue reason(cx, JS::GetPromiseResult(promise));
      outcome = DescribeException(cx, reason, OutcomeKind::kThrew);
      return false;
    }
    case JS::PromiseState::Pending:
      outcome =
          Invalid("the returned promise never settles: there are no timers and no I/O to wait for");
      return false;
  }
  return true;
}

Outcome Run(JSContext* cx, Realm& realm, PromiseJobs& jobs, const EvaluationRequest& request) {
  JS::RootedObject function(cx, realm.Function(cx, request.hash, *request.script));
  if (!function) return TakeException(cx, OutcomeKind::kInvalid);
  if (request.compile_only) {
    Outcome compiled;
    compiled.kind = OutcomeKind::kValue;
    compiled.value_json = "null";
    return compiled;
  }
  LimitGuard::RestartCpuTime();
  JS::RootedValueVector arguments(cx);
  if (!ParseArguments(cx, request.arguments, &arguments)) {
    Outcome outcome = TakeException(cx, OutcomeKind::kInvalid);
    outcome.error_message = "an argument is not JSON: " + outcome.error_message;
    return outcome;
  }
  JS::RootedValue callee(cx, JS::ObjectValue(*function));
  JS::RootedValue value(cx);
  if (!JS::Call(cx, JS::UndefinedHandleValue, callee, arguments, &value)) {
    return TakeException(cx, OutcomeKind::kThrew);
  }
  Outcome outcome;
  if (!Settle(cx, jobs, &value, outcome)) return outcome;
  return ToJson(cx, &value, request.limits.output_bytes);
}

}  // namespace

Outcome Evaluate(JSContext* cx, Realm& realm, PromiseJobs& jobs, const EvaluationRequest& request) {
  JSAutoRealm entered(cx, realm.global());
  Outcome outcome = Run(cx, realm, jobs, request);
  jobs.Discard();
  JS_ClearPendingException(cx);
  // A breach decides, whatever else the code managed to do meanwhile.
  if (LimitGuard::breach() == Breach::kTime) {
    outcome = Outcome{.kind = OutcomeKind::kTimedOut,
                      .value_json = {},
                      .error_name = {},
                      .error_message = "the code ran longer than its time limit",
                      .error_stack = {}};
  } else if (LimitGuard::breach() == Breach::kMemory) {
    outcome = Outcome{.kind = OutcomeKind::kOutOfMemory,
                      .value_json = {},
                      .error_name = {},
                      .error_message = "the code used more memory than its limit",
                      .error_stack = {}};
  }
  return outcome;
}

}  // namespace penstock::sandbox
