#include "libs/sandbox/outcome.h"

namespace penstock::sandbox {

std::string_view OutcomeErrorType(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kValue:
      return "";
    case OutcomeKind::kThrew:
      return "SANDBOX_THREW";
    case OutcomeKind::kInvalid:
      return "SANDBOX_INVALID";
    case OutcomeKind::kTimedOut:
      return "SANDBOX_TIMEOUT";
    case OutcomeKind::kOutOfMemory:
      return "SANDBOX_OUT_OF_MEMORY";
    case OutcomeKind::kTooLarge:
      return "SANDBOX_OUTPUT_TOO_LARGE";
    case OutcomeKind::kCrashed:
      return "SANDBOX_CRASHED";
    case OutcomeKind::kUnavailable:
      return "SANDBOX_UNAVAILABLE";
  }
  return "SANDBOX_UNAVAILABLE";
}

}  // namespace penstock::sandbox
