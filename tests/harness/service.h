// A service of Penstock as a process: started, waited for, killed, started again.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/harness/child_process.h"

namespace penstock::harness {

// Where Bazel put a program: below the working directory in a test, below bazel-bin otherwise.
std::string ProgramPath(const std::string& name);

// One service: its program and settings, and the process while it runs.
class Service {
 public:
  Service(std::string program, Environment settings, int admin_port, std::string log_file);

  // Starts it and returns when /readyz says so.
  absl::Status Start();
  // Starts it and returns at once.
  absl::Status Launch();
  // OK when ready before `timeout`; an error at once when it ended.
  absl::Status AwaitReady(absl::Duration timeout = absl::Seconds(30));
  bool IsReady() const;
  // SIGKILL; its children (sandboxes) are left to notice by themselves, as after a real crash.
  void Kill();
  // SIGTERM, and waits for the drain.
  absl::StatusOr<int> Stop(absl::Duration timeout = absl::Seconds(20));

  bool running() const { return process_ != nullptr; }
  pid_t pid() const { return process_->pid(); }
  Environment& settings() { return settings_; }
  const std::string& log_file() const { return log_file_; }
  std::string AdminUrl(const std::string& path) const;

 private:
  std::string program_;
  Environment settings_;
  int admin_port_;
  std::string log_file_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace penstock::harness
