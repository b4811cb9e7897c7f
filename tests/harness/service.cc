#include "tests/harness/service.h"

#include <unistd.h>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/harness/http.h"

namespace penstock::harness {

std::string ProgramPath(const std::string& name) {
  return access(name.c_str(), X_OK) == 0 ? name : "bazel-bin/" + name;
}

Service::Service(std::string program, Environment settings, int admin_port, std::string log_file)
    : program_(std::move(program)),
      settings_(std::move(settings)),
      admin_port_(admin_port),
      log_file_(std::move(log_file)) {}

std::string Service::AdminUrl(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", admin_port_, path);
}

absl::Status Service::Start() {
  RETURN_IF_ERROR(Launch());
  return AwaitReady();
}

absl::Status Service::Launch() {
  process_.reset();
  ASSIGN_OR_RETURN(process_, ChildProcess::Start({.program = ProgramPath(program_),
                                                  .arguments = {},
                                                  .environment = settings_,
                                                  .log_file = log_file_}));
  return absl::OkStatus();
}

bool Service::IsReady() const {
  absl::StatusOr<HttpReply> reply = Call({.url = AdminUrl("/readyz"), .timeout = absl::Seconds(2)});
  return reply.ok() && reply->status == 200;
}

absl::Status Service::AwaitReady(absl::Duration timeout) {
  absl::Time deadline = absl::Now() + timeout;
  while (!IsReady()) {
    if (process_->EndsWithin(absl::Milliseconds(5))) {
      return absl::InternalError(fmt::format("{} ended; see {}", program_, log_file_));
    }
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          fmt::format("{} is not ready; see {}", program_, log_file_));
    }
  }
  return absl::OkStatus();
}

void Service::Kill() {
  if (process_ == nullptr) return;
  process_->Signal(SIGKILL);
  (void)process_->Wait(absl::Seconds(10));
  process_.reset();
}

absl::StatusOr<int> Service::Stop(absl::Duration timeout) {
  process_->Signal(SIGTERM);
  ASSIGN_OR_RETURN(int status, process_->Wait(timeout));
  process_.reset();
  return status;
}

}  // namespace penstock::harness
