// What the types that run JavaScript share: which values a script sees, and what its failures mean.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

// JavaScript with the values a workflow offers: "input" always; "nodes", "variables", "trigger" and "execution" when its text
// mentions them, so that arguments stay small. `nodes` is {"<id>": {"output": ...}} of completed nodes.
class ContextScript {
 public:
  // `more_parameters` come first and are filled by the caller.
  static ContextScript Create(sandbox::ScriptKind kind, std::string source,
                              std::vector<std::string> more_parameters = {});

  // `more` are the JSON texts of more_parameters.
  Evaluate Call(const NodeContext& context, std::vector<std::string> more = {},
                const sandbox::Limits& limits = {}) const;

  const std::shared_ptr<const sandbox::Script>& script() const { return script_; }

 private:
  std::shared_ptr<const sandbox::Script> script_;
  bool wants_nodes_ = false;
  bool wants_variables_ = false;
  bool wants_trigger_ = false;
  bool wants_execution_ = false;
};

// True when `source` has `name` as a whole word.
bool Mentions(std::string_view source, std::string_view name);

// The error of an outcome that is not a value. What the machine did to a script (a crash, no process) may always be tried again; what the
// script did itself (threw, ran too long) only where the author asked for it with a retry policy, since the same input mostly does
// the same.
NodeError ErrorOf(const sandbox::Outcome& outcome, bool has_own_policy);

// Default retries of the types that run JavaScript.
RetryPolicy SandboxRetry();

// A result that the program did not ask for.
Fail UnexpectedResult();

}  // namespace penstock::workflow_engine
