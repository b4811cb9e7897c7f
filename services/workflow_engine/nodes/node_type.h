// What a node type is to the engine: a schema, and a compiler from config to a program.
//
// A program is immutable and shared by every execution of a version; it decides, the engine acts. Begin() says what an attempt wants
// first; if that is more than an answer, the engine does it and brings the result to Resume(). Both are pure: they
// read the context, no clock, no I/O, so a step that was not recorded may be computed again after a crash.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/domain/definition.h"

namespace penstock::workflow_engine {

// Why an attempt failed.
struct NodeError {
  std::string type;     // stable name to match on: "TIMEOUT", "TypeError", "HTTP_503", ...
  std::string message;
  std::string stack;
  bool retryable = true;
  absl::Duration retry_after = absl::ZeroDuration();  // at least this long before the next attempt
};

// What a program may read. All JSON is text; parse only what you look at. Views live for the duration of the call.
class NodeContext {
 public:
  virtual ~NodeContext() = default;
  // W3: one predecessor: its output; several: an object keyed by predecessor id; none: the variables.
  virtual std::string_view input() const = 0;
  // Ids of the nodes that have completed and have an output, in the definition's order.
  virtual std::vector<std::string> completed_nodes() const = 0;
  // Output of a node that has completed; nothing otherwise.
  virtual std::optional<std::string_view> output_of(std::string_view node_id) const = 0;
  virtual std::string_view variables() const = 0;
  // The trigger's output: {type, data, receivedAt, headers?, query?}.
  virtual std::string_view trigger() const = 0;
  // {"id","workflowId","tenantId","version","startedAt"}, and "callDepth" (domain/call_depth.h) where there is one.
  virtual std::string_view execution() const = 0;
  virtual int attempt() const = 0;  // from 1
  // Equal for every attempt of this visit; what an effect passes on so that the other side can tell a repeat.
  virtual std::string_view idempotency_key() const = 0;
  virtual absl::Time now() const = 0;
};

// ---- What an attempt may want next.

// What a response node's answer is sent as when the author says nothing else.
inline constexpr std::string_view kJsonContentType = "application/json";
inline constexpr std::string_view kTextContentType = "text/plain; charset=utf-8";

// Done. `branch` chooses among labelled edges.
struct Complete {
  std::string output;  // JSON text
  std::string branch;
  // Set by a response node: what a waiting caller gets. The first one of an execution counts.
  struct Response {
    int http_status = 200;
    std::string content_type;  // of `body`
    std::string body;          // as sent; not necessarily JSON
    std::vector<std::pair<std::string, std::string>> headers;
  };
  std::optional<Response> response;
};

struct Fail {
  NodeError error;
};

// The execution ends now, COMPLETED, with this as its result.
struct Stop {
  std::string output;
};

// JavaScript in the sandbox; Resume gets a sandbox::Outcome.
struct Evaluate {
  std::shared_ptr<const sandbox::Script> script;
  std::vector<std::string> arguments;
  sandbox::Limits limits;
};

// One HTTP exchange through the egress guard, after the intent is committed; Resume gets an HttpResponse or HttpFailure.
using PerformHttp = egress::HttpRequest;

// Nothing until then; Resume gets TimerFired.
struct WaitUntil {
  absl::Time at;
};

inline constexpr std::string_view kReceivedBranch = "received";

// Nothing until a signal of this name comes or, where there is a time, until then; Resume gets SignalReceived or TimerFired.
// A program that was given the signal completes with kReceivedBranch, and no other does: the record shows by it which were received.
struct AwaitSignal {
  std::string name;
  std::optional<absl::Time> until;
};

// One step that another Penstock service runs, after the intent is committed; Resume gets a ServiceReply. The step may run twice: the
// idempotency key tells.
struct CallService {
  std::string service;  // "interfaces-service"
  std::string step;
  std::string input;    // JSON text
  std::string idempotency_key;
  absl::Duration timeout = absl::Seconds(60);
};

using Step = std::variant<Complete, Fail, Stop, Evaluate, PerformHttp, WaitUntil, AwaitSignal, CallService>;

// ---- What the engine brings back.

using HttpResponse = egress::HttpResponse;
using HttpFailure = egress::HttpFailure;

struct TimerFired {};

struct SignalReceived {
  std::shared_ptr<const std::string> payload;  // JSON text
};

struct ServiceReply {
  absl::StatusOr<std::string> output;  // JSON text
};

using StepResult = std::variant<sandbox::Outcome, HttpResponse, HttpFailure, TimerFired, SignalReceived, ServiceReply>;

// JavaScript that a program may send to the sandbox, and the field that holds it ("config.code").
struct ScriptUse {
  std::string field;
  std::shared_ptr<const sandbox::Script> script;
};

class NodeProgram {
 public:
  virtual ~NodeProgram() = default;
  virtual Step Begin(const NodeContext& context) const = 0;
  // Only called for programs whose steps need a result; the default fails with type INTERNAL.
  virtual Step Resume(const NodeContext& context, const StepResult& result) const;
  // The name of the signal its steps wait for; empty = none.
  virtual std::string_view awaited_signal() const { return {}; }
  // For checking their syntax, which needs the sandbox.
  virtual std::vector<ScriptUse> scripts() const { return {}; }
};

// How many taken incoming edges a node needs before it runs. kAll waits until every incoming edge is decided and runs if at least one was
// taken; a number runs as soon as that many were taken and ignores the rest.
struct Readiness {
  static constexpr int kAll = 0;
  int needed = kAll;
};

// What a node is to the graph around it.
enum class NodeRole {
  kStep,
  kTrigger,   // where executions begin; its config names triggerType and actionType
  kResponse,  // answers a waiting caller
};

class NodeType {
 public:
  virtual ~NodeType() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view description() const = 0;
  // JSON Schema (draft 7) of config; checked before Compile.
  virtual const Json& config_schema() const = 0;
  virtual NodeRole role() const { return NodeRole::kStep; }
  virtual RetryPolicy default_retry() const { return {}; }
  // Of one attempt.
  virtual absl::Duration default_timeout() const { return absl::Seconds(60); }
  virtual Readiness readiness(const NodeDefinition&) const { return {}; }
  // Labels its program may choose; an edge with another label is a problem. "error" is always allowed. Empty = no branches.
  virtual std::vector<std::string> branches(const NodeDefinition&) const { return {}; }
  // The members of config that hold templates, by field, each string in them a template. Config has passed the schema.
  virtual Json templates(const NodeDefinition&) const { return Json::object(); }
  // Config has passed the schema. Problems found here carry the field relative to the node, for example "config.code".
  virtual std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node, std::vector<Problem>& problems) const = 0;
};

}  // namespace penstock::workflow_engine
