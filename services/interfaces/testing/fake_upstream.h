// A service behind the API's door for tests: a real gRPC server that takes any RPC of the API,
// keeps what it is asked as JSON, and answers as it is told.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"

namespace penstock::interfaces::testing {

class FakeUpstream {
 public:
  FakeUpstream();  // listens
  ~FakeUpstream();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  struct Asked {
    std::string rpc;      // "GetConnector"
    std::string request;  // JSON
    std::map<std::string, std::string> metadata;
    absl::Duration time_left;
  };

  // What calls answer from now on: the JSON of their response, or a failure. "{}" at first.
  void Answer(std::string json);
  void Fail(grpc::Status status);
  // From now on calls wait until Release.
  void Hold();
  void Release();

  // Waits until so many calls have come, or so many of those held have been given up by the caller.
  bool WaitForCalls(size_t count);
  bool WaitForCancelled(size_t count);
  std::vector<Asked> asked() const;
  // The last one.
  Asked last() const;

 private:
  class Call;
  class Service;

  void Take(const std::shared_ptr<Call>& call);
  void Reply(Call& call);
  void NoteCancelled();

  mutable absl::Mutex mutex_;
  std::string answer_ ABSL_GUARDED_BY(mutex_) = "{}";
  grpc::Status failure_ ABSL_GUARDED_BY(mutex_);
  bool holding_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::shared_ptr<Call>> held_ ABSL_GUARDED_BY(mutex_);
  std::vector<Asked> asked_ ABSL_GUARDED_BY(mutex_);
  size_t cancelled_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace penstock::interfaces::testing
