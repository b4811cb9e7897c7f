// Listening, limits, drain and health of the server.
#include "libs/grpc/server.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/grpc/status_conversion.h"
#include "libs/grpc/testing/echo_server.h"

namespace penstock::rpc {
namespace {

using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using testing::As;
using testing::EchoRequest;
using testing::EchoResponse;
using testing::EchoServer;

TEST_CASE("a message larger than the limit is refused, and the next call is served") {
  EchoServer server({.max_message_bytes = 64 << 10});
  EchoRequest request;
  request.set_text(std::string(100 << 10, 'x'));
  EchoResponse response;
  CHECK(server.stub().Say(As("viewer").get(), request, &response).error_code() == ::grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(server.stub().Say(As("viewer").get(), EchoRequest(), &response).ok());
}

TEST_CASE("an address that is taken is an error and not a share of its calls") {
  EchoServer server;
  ServerOptions options;
  options.address = fmt::format("127.0.0.1:{}", server.server().port());
  CHECK(absl::IsUnavailable(Server::Create(options, {}, server.readiness()).status()));
}

TEST_CASE("a drain lets the running call finish") {
  EchoServer server;
  absl::Notification running, go_on;
  server.say = [&](const CallContext&, const EchoRequest&) -> absl::StatusOr<EchoResponse> {
    running.Notify();
    go_on.WaitForNotification();
    return EchoResponse();
  };
  ::grpc::Status status;
  std::thread caller([&] {
    EchoResponse response;
    status = server.stub().Say(As("viewer").get(), EchoRequest(), &response);
  });
  running.WaitForNotification();
  std::thread draining([&] { server.server().Drain(absl::Minutes(10)); });
  // Refused from now on: the drain has begun.
  EchoResponse response;
  auto fresh = ::grpc::CreateChannel(fmt::format("127.0.0.1:{}", server.server().port()), ::grpc::InsecureChannelCredentials());
  while (testing::Echo::NewStub(fresh)->SayLater(As("viewer").get(), EchoRequest(), &response).error_code() !=
         ::grpc::StatusCode::UNAVAILABLE) {
  }
  go_on.Notify();
  caller.join();
  draining.join();
  CHECK(status.ok());
}

TEST_CASE("health follows readiness, needs no credentials, and knows its services") {
  EchoServer server;
  auto health = Health::NewStub(server.channel());
  auto check = [&](const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    ::grpc::Status status = health->Check(As("").get(), request, &response);
    return status.ok() ? HealthCheckResponse::ServingStatus_Name(response.status()) : FromGrpcStatus(status).ToString();
  };
  CHECK(check("") == "NOT_SERVING");
  server.readiness().Set("test", absl::OkStatus());
  CHECK(check("") == "SERVING");
  CHECK(check("penstock.rpc.testing.Echo") == "SERVING");
  CHECK(check("no.such.Service").find("NOT_FOUND") == 0);
}

TEST_CASE("a watch of health sees each change and ends when the process drains") {
  EchoServer server;
  auto health = Health::NewStub(server.channel());
  auto context = As("");
  auto watch = health->Watch(context.get(), HealthCheckRequest());
  HealthCheckResponse response;
  REQUIRE(watch->Read(&response));
  CHECK(response.status() == HealthCheckResponse::NOT_SERVING);
  server.readiness().Set("test", absl::OkStatus());
  REQUIRE(watch->Read(&response));
  CHECK(response.status() == HealthCheckResponse::SERVING);
  server.readiness().StartDrain();
  REQUIRE(watch->Read(&response));
  CHECK(response.status() == HealthCheckResponse::NOT_SERVING);
  CHECK_FALSE(watch->Read(&response));
  CHECK(watch->Finish().error_code() == ::grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE("a watch of an unknown service says so and stays open") {
  EchoServer server;
  auto health = Health::NewStub(server.channel());
  auto context = As("");
  HealthCheckRequest request;
  request.set_service("no.such.Service");
  auto watch = health->Watch(context.get(), request);
  HealthCheckResponse response;
  REQUIRE(watch->Read(&response));
  CHECK(response.status() == HealthCheckResponse::SERVICE_UNKNOWN);
  context->TryCancel();
  CHECK(watch->Finish().error_code() == ::grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace penstock::rpc
