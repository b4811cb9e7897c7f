// /api/...: RPCs of the services behind as HTTP and JSON, as their google.api.http annotations say
// (libs/transcoding). It checks no credential: it passes the caller's on, and the service decides.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "libs/clock/clock.h"
#include "libs/http/responder.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"
#include "libs/transcoding/route_table.h"
#include "services/interfaces/front_door/call_headers.h"
#include "services/interfaces/front_door/cors.h"

namespace penstock::interfaces {

class RestDoor {
 public:
  struct Backend {
    const google::protobuf::ServiceDescriptor* service;
    std::shared_ptr<grpc::Channel> channel;
  };
  struct Options {
    CorsPolicy cors = {};
    CallTimeouts timeouts = {};
  };

  // INVALID_ARGUMENT when an annotation is wrong or two of them are ambiguous. `readers` reads
  // large bodies, so that the HTTP thread does not; all outlive the door.
  static absl::StatusOr<std::unique_ptr<RestDoor>> Create(const std::vector<Backend>& backends,
                                                          lifecycle::ThreadPool& readers,
                                                          metrics::Registry& registry,
                                                          const Clock& clock, Options options);
  ~RestDoor();  // as Stop

  // Whether a path is for this door.
  static bool Serves(std::string_view path);

  // Answers now or when the RPC does; never blocks.
  void Handle(const http::Request& request, http::Responder responder);

  // Cancels what is under way and returns when all of it is answered.
  void Stop();

 private:
  struct Call;

  RestDoor(transcoding::RouteTable routes, const std::vector<Backend>& backends,
           lifecycle::ThreadPool& readers, metrics::Registry& registry, const Clock& clock,
           Options options);
  absl::Status Start(const std::shared_ptr<Call>& call);
  void Finish(const std::shared_ptr<Call>& call, const grpc::Status& status);
  void Answer(Call& call, http::Response response);
  void AnswerUnserved(Call& call, const std::vector<http::Method>& methods);

  const transcoding::RouteTable routes_;
  const Options options_;
  lifecycle::ThreadPool& readers_;
  metrics::Registry& registry_;
  const Clock& clock_;
  const std::string openapi_;
  metrics::Gauge in_flight_;
  std::map<const google::protobuf::ServiceDescriptor*, std::unique_ptr<grpc::GenericStub>> stubs_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<std::shared_ptr<Call>> under_way_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::interfaces
