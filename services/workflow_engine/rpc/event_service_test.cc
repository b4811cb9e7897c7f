// EventService through a real gRPC server and the real database.
#include "services/workflow_engine/rpc/event_service.h"

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "libs/auth/authenticator.h"
#include "libs/auth/role_table.h"
#include "libs/clock/clock.h"
#include "libs/grpc/server.h"
#include "libs/grpc/status_conversion.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"
#include "libs/status/details.h"
#include "services/workflow_engine/testing/recorded.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;

Recorded& Store() {
  static Recorded store;
  return store;
}

// The credential is the tenant's id.
class TrustingAuthenticator final : public auth::Authenticator {
 public:
  bool Recognizes(std::string_view) const override { return true; }
  absl::StatusOr<auth::CallContext> Authenticate(std::string_view credential,
                                                 absl::Time) const override {
    std::optional<TenantId> tenant = TenantId::Parse(credential);
    if (!tenant) return absl::UnauthenticatedError("no tenant");
    return Recorded::CallerOf(*tenant);
  }
  std::optional<absl::StatusOr<auth::CallContext>> TryAuthenticate(
      std::string_view) const override {
    return std::nullopt;
  }
};

// The engine's event side in process.
struct Service {
  RealClock clock;
  TrustingAuthenticator trusting;
  auth::BearerAuthenticator authenticator{{&trusting}};
  metrics::Registry registry;
  lifecycle::Readiness readiness{{"test"}};
  lifecycle::ThreadPool workers{{.name = "test", .threads = 3}};
  CommitSignal commits;
  rpc::Serving serving{authenticator, auth::PenstockRoles(), workers, registry, clock};
  EventService events{{serving, Store().pool(), commits}};
  std::unique_ptr<rpc::Server> server =
      rpc::Server::Create({.address = "127.0.0.1:0"}, {&events}, readiness).value();
  std::unique_ptr<v1::EventService::Stub> stub = v1::EventService::NewStub(grpc::CreateChannel(
      fmt::format("127.0.0.1:{}", server->port()), grpc::InsecureChannelCredentials()));

  std::unique_ptr<grpc::ClientContext> ContextOf(TenantId tenant) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", "Bearer " + tenant.ToString());
    context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    return context;
  }
};

TEST_CASE(
    "a subscriber gets stored events, then new ones, and leaves nothing behind when it goes") {
  Service service;
  TenantId tenant = Recorded::MakeTenant();
  Store().AddEvents(tenant, 3);
  auto context = service.ContextOf(tenant);
  v1::SubscribeEventsRequest request;
  request.set_from_sequence_number(2);
  auto stream = service.stub->SubscribeEvents(context.get(), request);
  std::vector<int64_t> sequences;
  v1::Event event;
  while (sequences.size() < 2 && stream->Read(&event)) sequences.push_back(event.sequence_number());
  Store().AddEvents(tenant, 2);
  service.commits.Notify({tenant});
  while (sequences.size() < 4 && stream->Read(&event)) sequences.push_back(event.sequence_number());
  CHECK(sequences == std::vector<int64_t>{2, 3, 4, 5});
  CHECK(event.type() == "test.happened");
  CHECK(event.has_payload());
  context->TryCancel();
  CHECK(stream->Finish().error_code() == grpc::StatusCode::CANCELLED);
  service.server->Drain(absl::Seconds(30));
  service.workers.Stop();
  CHECK(service.commits.subscribed().empty());
}

TEST_CASE("a drain ends a subscription at once, after what was stored, and refuses new ones") {
  Service service;
  TenantId tenant = Recorded::MakeTenant();
  Store().AddEvents(tenant, 2);
  auto context = service.ContextOf(tenant);
  v1::SubscribeEventsRequest request;
  request.set_from_sequence_number(1);
  auto stream = service.stub->SubscribeEvents(context.get(), request);
  v1::Event event;
  REQUIRE(stream->Read(&event));
  REQUIRE(stream->Read(&event));
  service.serving.StartDrain();
  CHECK_FALSE(stream->Read(&event));
  absl::Status ended = rpc::FromGrpcStatus(stream->Finish());
  CHECK(absl::IsUnavailable(ended));
  CHECK(ReasonOf(ended) == "DRAINING");
  auto late = service.ContextOf(tenant);
  auto refused = service.stub->SubscribeEvents(late.get(), request);
  CHECK_FALSE(refused->Read(&event));
  CHECK(ReasonOf(rpc::FromGrpcStatus(refused->Finish())) == "DRAINING");
  // Nothing is left that the grace would be needed for.
  service.server->Drain(absl::Hours(1));
  service.workers.Stop();
  CHECK(service.commits.subscribed().empty());
}

TEST_CASE("a replay larger than every buffer arrives whole and in order, and ends") {
  Service service;
  TenantId tenant = Recorded::MakeTenant();
  Store().AddEvents(tenant, 1500);
  auto context = service.ContextOf(tenant);
  auto stream = service.stub->ReplayEvents(context.get(), {});
  v1::Event event;
  int64_t expected = 0;
  bool in_order = true;
  while (stream->Read(&event)) in_order = event.sequence_number() == ++expected && in_order;
  CHECK(in_order);
  CHECK(expected == 1500);
  CHECK(stream->Finish().ok());
}

TEST_CASE("a tenant lists and replays its own events only") {
  Service service;
  Store().AddEvents(Recorded::MakeTenant(), 2);
  TenantId tenant = Recorded::MakeTenant();
  Store().AddEvents(tenant, 1, "mine");
  auto context = service.ContextOf(tenant);
  v1::ListEventsResponse page;
  REQUIRE(service.stub->ListEvents(context.get(), {}, &page).ok());
  REQUIRE(page.events_size() == 1);
  CHECK(page.events(0).type() == "mine");
  CHECK(page.total_size() == 1);
}

TEST_CASE("wrong requests and callers are refused before anything is streamed") {
  Service service;
  v1::Event event;
  v1::SubscribeEventsRequest negative;
  negative.set_from_sequence_number(-1);
  auto context = service.ContextOf(Recorded::MakeTenant());
  auto stream = service.stub->SubscribeEvents(context.get(), negative);
  CHECK_FALSE(stream->Read(&event));
  CHECK(stream->Finish().error_code() == grpc::StatusCode::INVALID_ARGUMENT);

  grpc::ClientContext nobody;
  auto refused = service.stub->ReplayEvents(&nobody, {});
  CHECK_FALSE(refused->Read(&event));
  CHECK(refused->Finish().error_code() == grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace penstock::workflow_engine
