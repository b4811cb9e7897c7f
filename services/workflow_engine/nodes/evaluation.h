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

// The error of an outcome that is not a value. What the script itself threw is tried again only if `retry_thrown`: the same input
// throws the same. What the machine did to it (a crash, no process) always may be.
NodeError ErrorOf(const sandbox::Outcome& outcome, bool retry_thrown);

// Retries of the types that run JavaScript: three attempts, of use only for what ErrorOf calls retryable.
RetryPolicy SandboxRetry();

// A result that the program did not ask for.
Fail UnexpectedResult();

}  // namespace penstock::workflow_engine
