// EventService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "libs/postgres/pool.h"
#include "penstock/workflow/v1/event.grpc.pb.h"
#include "services/workflow_engine/engine/commit_signal.h"

namespace penstock::workflow_engine {

class EventService final : public workflow::v1::EventService::CallbackService {
 public:
  struct Dependencies {
    rpc::Serving& serving;
    postgres::Pool& server_pool;
    CommitSignal& committed;
  };
  explicit EventService(Dependencies dependencies) : deps_(dependencies) {}

  grpc::ServerUnaryReactor* ListEvents(grpc::CallbackServerContext* context,
                                       const workflow::v1::ListEventsRequest* request,
                                       workflow::v1::ListEventsResponse* response) override;
  grpc::ServerWriteReactor<workflow::v1::Event>* ReplayEvents(
      grpc::CallbackServerContext* context,
      const workflow::v1::ReplayEventsRequest* request) override;
  grpc::ServerWriteReactor<workflow::v1::Event>* SubscribeEvents(
      grpc::CallbackServerContext* context,
      const workflow::v1::SubscribeEventsRequest* request) override;

 private:
  Dependencies deps_;
};

}  // namespace penstock::workflow_engine
