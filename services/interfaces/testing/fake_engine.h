// An engine for tests: a real gRPC server with IngressService, executions and health, which keeps
// what it is given and answers as it is told. It is strict: what the real engine would choke on
// fails the test.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/server.h"
#include "penstock/workflow/v1/ingress.grpc.pb.h"
#include "services/interfaces/testing/fake_executions.h"

namespace penstock::interfaces::testing {

class FakeEngine {
 public:
  // Listens at once; `port` 0 = any free one.
  explicit FakeEngine(int port = 0);
  ~FakeEngine();  // as a crash: streams break

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // What becomes of each delivery from now on. None = it is held until Release.
  using Decide =
      std::function<std::optional<workflow::v1::DeliveryReply>(const workflow::v1::Delivery&)>;
  void OnDelivery(Decide decide);
  // The plain acknowledgement, with a fresh id; the default.
  static workflow::v1::DeliveryReply Accepted();
  // Answers what was held, as Accepted.
  void Release();
  // Ends the open streams as a broken connection would.
  void BreakStreams();
  // Says on the open streams that it is about to stop, and refuses new ones until told otherwise.
  void Drain();
  void StopDraining();
  size_t open_streams() const;
  void SetHealthy(bool healthy);

  // Waits until so many deliveries have come.
  bool WaitForDeliveries(size_t count, absl::Duration at_most = absl::Seconds(20));
  std::vector<workflow::v1::Delivery> deliveries() const;
  size_t messages() const;

  // What unary calls answer, by method name; and what they were asked. The authorization of the
  // last call of any kind.
  void Fail(const std::string& method, grpc::Status status);
  void SetStored(std::vector<workflow::v1::StoredDelivery> stored);
  std::map<std::string, std::string> secrets() const;  // "tenant/name" -> value
  workflow::v1::ListDeliveriesInternalRequest last_list() const;
  std::string last_authorization() const;

  FakeExecutions& executions() { return executions_; }

 private:
  class Ingress;
  class Health;
  class Stream;

  std::unique_ptr<Ingress> ingress_;
  std::unique_ptr<Health> health_;
  FakeExecutions executions_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace penstock::interfaces::testing
