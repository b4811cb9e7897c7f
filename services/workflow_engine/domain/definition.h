// A workflow as its author wrote it: plain values, no behaviour. graph.h turns one into something that runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace penstock::workflow_engine {

using Json = nlohmann::json;

// When a failed attempt is tried again (W6). Delay before attempt n+1 = initial * coefficient^(n-1), capped, spread by jitter.
struct RetryPolicy {
  absl::Duration initial_interval = absl::Seconds(1);
  double backoff_coefficient = 2.0;
  absl::Duration maximum_interval = absl::ZeroDuration();  // zero = 100 times the initial
  int maximum_attempts = 1;                                // the first included; 1 = never again, 0 = the type's default
  double jitter = 0.2;                                     // share of the delay that is random
  std::vector<std::string> non_retryable_error_types;
  absl::Duration maximum_elapsed = absl::ZeroDuration();   // over all attempts; zero = no limit
};

// What an exhausted failure does to the execution.
enum class OnError {
  kFail,       // the execution fails
  kContinue,   // the node completes with {"error": ...} as its output
  kErrorEdge,  // edges labelled "error" are taken, the others not
  kPause,      // the execution pauses with the node waiting to be tried again
};

// How far an execution is, in its author's words, from the moment a node starts.
struct Progress {
  std::string status;  // for example "charging_card"
  int percent = 0;     // 0 to 100
};

struct NodeDefinition {
  std::string id;
  std::string name;
  std::string type;
  Json config = Json::object();
  std::optional<RetryPolicy> retry;                     // absent = the type's default
  absl::Duration timeout = absl::ZeroDuration();        // of one attempt; zero = the type's default
  OnError on_error = OnError::kFail;
  std::string compensate_with;
  std::optional<Progress> progress;
  Json position;  // where an editor draws it; kept, never read; null = nowhere
};

struct EdgeDefinition {
  std::string source;
  std::string target;
  std::string condition;  // JavaScript expression over "input" (the source's output); empty = always
  std::string label;      // branch of the source; empty = taken whatever the branch, unless that is "error"
};

struct Definition {
  std::vector<NodeDefinition> nodes;
  std::vector<EdgeDefinition> edges;
  Json variables = Json::object();
  absl::Duration timeout = absl::ZeroDuration();  // of a whole execution; zero = none
  Json queries = Json::object();                  // what QueryExecution answers, by name: JSON whose strings are templates
};

// One thing wrong with a definition.
struct Problem {
  std::string node_id;      // empty = the graph as a whole
  std::string field;        // for example "nodes[1].config.code"
  std::string description;  // what is wrong and what would be right
};

}  // namespace penstock::workflow_engine
