// Runs untrusted JavaScript in separate, confined processes (services/sandbox).
//
// An evaluation is pure: it sees its arguments and nothing else, and only its outcome leaves. It
// may therefore be repeated: when a process dies, what waited behind the culprit is sent to another
// one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/sandbox/outcome.h"

namespace penstock::sandbox {

// User code, named by the hash of its text so that a process compiles it once. The names in
// `parameters` (for example "input") are its only inputs.
class Script {
 public:
  static std::shared_ptr<const Script> Create(ScriptKind kind, std::vector<std::string> parameters,
                                              std::string source);

  ScriptKind kind() const { return kind_; }
  const std::vector<std::string>& parameters() const { return parameters_; }
  const std::string& source() const { return source_; }
  // 16 bytes; equal for equal kind, parameters and source.
  const std::string& hash() const { return hash_; }

 private:
  Script() = default;
  ScriptKind kind_ = ScriptKind::kBody;
  std::vector<std::string> parameters_;
  std::string source_;
  std::string hash_;
};

struct Limits {
  absl::Duration cpu_time = absl::Seconds(1);
  absl::Duration wall_time = absl::Seconds(5);
  size_t heap_bytes = 64 << 20;
  size_t output_bytes = 4 << 20;
};

struct Evaluation {
  TenantId tenant;  // one tenant's code never shares a realm with another's
  std::shared_ptr<const Script> script;
  // JSON text, one for each parameter, in order.
  std::vector<std::string> arguments;
  Limits limits;
  // Nothing of the code runs: kValue "null" when it compiles, else kInvalid.
  bool compile_only = false;
};

struct PoolOptions {
  std::string executable;      // path of the sandbox binary
  int processes = 2;           // kept ready
  int max_processes = 4;       // grown to when all are busy with slow code
  size_t max_queued = 10'000;  // past that Submit refuses
  // For kernels without seccomp: lets a process serve although confining it failed. Never in
  // production.
  bool allow_weak_confinement = false;
};

// Counters for metrics, all since start.
struct PoolStats {
  uint64_t evaluations = 0;
  uint64_t kills = 0;
  uint64_t restarts = 0;
  size_t queued = 0;
  int processes = 0;
};

class Pool {
 public:
  using Callback = std::function<void(Outcome)>;

  virtual ~Pool() =
      default;  // kills the processes; callbacks still owed are called with kUnavailable

  // Starts the processes and the thread that talks to them.
  static absl::StatusOr<std::unique_ptr<Pool>> Create(const PoolOptions& options);

  // Queues one evaluation. `done` is called exactly once, on the pool's thread, and must not block.
  // RESOURCE_EXHAUSTED when the queue is full (then `done` is never called).
  virtual absl::Status Submit(Evaluation evaluation, Callback done) = 0;

  // As Submit then wait; for checking that code parses and for tests.
  Outcome Evaluate(Evaluation evaluation);

  virtual PoolStats stats() const = 0;

  // SIGKILLs every process, as a crash would; for crash tests.
  virtual void KillAll() = 0;
};

}  // namespace penstock::sandbox
