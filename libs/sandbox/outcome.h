// How an evaluation can end. Apart from sandbox.h because the sandbox process, which must stay
// small, shares it and links nothing else of the engine's side.
#pragma once

#include <string>
#include <string_view>

namespace penstock::sandbox {

enum class ScriptKind {
  kBody,  // statements of a function; its return value (or the value a returned promise settles to)
          // is the outcome
  kExpression,  // one expression
};

enum class OutcomeKind {
  kValue,        // `value_json` is the JSON of the result ("null" for undefined)
  kThrew,        // user code threw; error_* say what
  kInvalid,      // did not compile, or the value can't be written as JSON
  kTimedOut,     // CPU or wall time limit
  kOutOfMemory,  // heap limit
  kTooLarge,     // output limit
  kCrashed,      // the process died on this evaluation
  kUnavailable,  // no process could be started; nothing ran
};

struct Outcome {
  OutcomeKind kind = OutcomeKind::kUnavailable;
  std::string value_json;
  std::string error_name;  // for example "TypeError"
  std::string error_message;
  std::string error_stack;
};

// Stable name for errors and metrics: "SANDBOX_TIMEOUT", ...; for kThrew the thrown error's own
// name is used instead.
std::string_view OutcomeErrorType(OutcomeKind kind);

}  // namespace penstock::sandbox
