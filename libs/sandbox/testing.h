// A pool of real sandbox processes for tests, and short ways to say what to evaluate.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "libs/sandbox/sandbox.h"

namespace penstock::sandbox::testing {

// The binary in the runfiles of the test.
inline constexpr char kExecutable[] = "services/sandbox/penstock-sandbox";

inline PoolOptions Options() {
  PoolOptions options;
  options.executable = kExecutable;
  return options;
}

inline TenantId MakeTenant() { return TenantId::Make(absl::UnixEpoch()); }

inline Evaluation Body(TenantId tenant, std::string source, std::string input = "null") {
  return {tenant,
          Script::Create(ScriptKind::kBody, {"input"}, std::move(source)),
          {std::move(input)},
          {}};
}

inline Evaluation Expression(TenantId tenant, std::string source, std::string input = "null") {
  return {tenant,
          Script::Create(ScriptKind::kExpression, {"input"}, std::move(source)),
          {std::move(input)},
          {}};
}

// One pool for all cases of a test program; starting one takes longer than most cases.
Pool& SharedPool();

// Evaluates in the shared pool, always for the same tenant.
Outcome Run(std::string body, std::string input = "null");
Outcome RunExpression(std::string expression, std::string input = "null");

}  // namespace penstock::sandbox::testing
