#include "services/connector/outbound/blocking_client.h"

#include <catch2/catch.hpp>
#include <thread>

#include "absl/synchronization/notification.h"
#include "libs/egress/testing/script_server.h"

namespace penstock::connector {
namespace {

using egress::HttpResult;
using egress::Peer;
using egress::ScriptServer;

const RealClock kClock;

std::unique_ptr<egress::HttpClient> MakeClient() {
  return egress::HttpClient::Create(
             egress::Guard::Create("127.0.0.1:1-65535", egress::PlainHttp::kAllowed).value(),
             kClock)
      .value();
}

std::string TypeOf(const HttpResult& result) {
  const auto* failed = std::get_if<egress::HttpFailure>(&result);
  return failed != nullptr ? failed->type
                           : std::to_string(std::get<egress::HttpResponse>(result).status);
}

TEST_CASE("the answer comes back to the thread that asked") {
  ScriptServer server([](Peer& peer) {
    while (peer.Read()) peer.Respond(200, "hello");
  });
  auto http = MakeClient();
  BlockingClient client(*http, kClock);
  const HttpResult result = client.Send({.method = "GET", .url = server.url("/")},
                                        kClock.Now() + absl::Seconds(30), nullptr);
  REQUIRE(TypeOf(result) == "200");
  CHECK(std::get<egress::HttpResponse>(result).body == "hello");
}

TEST_CASE("no answer by the deadline is a timeout, and the connection is given up") {
  absl::Notification closed;
  ScriptServer server([&](Peer& peer) {
    peer.Read();
    peer.AwaitClose();
    closed.Notify();
  });
  auto http = MakeClient();
  BlockingClient client(*http, kClock);
  CHECK(TypeOf(client.Send({.method = "GET", .url = server.url("/")},
                           kClock.Now() + absl::Milliseconds(50), nullptr)) == "TIMEOUT");
  closed.WaitForNotification();
}

TEST_CASE("after the deadline nothing is sent") {
  ScriptServer server([](Peer&) {});
  auto http = MakeClient();
  BlockingClient client(*http, kClock);
  CHECK(TypeOf(client.Send({.method = "GET", .url = server.url("/")}, kClock.Now(), nullptr)) ==
        "TIMEOUT");
  CHECK(server.connections() == 0);
}

TEST_CASE("when the caller has gone the request is taken back at once") {
  absl::Notification arrived;
  ScriptServer server([&](Peer& peer) {
    peer.Read();
    arrived.Notify();
    peer.AwaitClose();
  });
  auto http = MakeClient();
  BlockingClient client(*http, kClock);
  lifecycle::Cancellation cancellation;
  std::thread gone([&] {
    arrived.WaitForNotification();
    cancellation.Cancel();
  });
  CHECK(TypeOf(client.Send({.method = "GET", .url = server.url("/")}, absl::InfiniteFuture(),
                           &cancellation)) == "CANCELLED");
  gone.join();
  // Of a caller that has gone before nothing is sent.
  CHECK(TypeOf(client.Send({.method = "GET", .url = server.url("/")}, absl::InfiniteFuture(),
                           &cancellation)) == "CANCELLED");
  CHECK(server.connections() == 1);
}

TEST_CASE("a stopped client ends what is asked of it") {
  auto http = MakeClient();
  http->Stop(absl::ZeroDuration());
  BlockingClient client(*http, kClock);
  CHECK(TypeOf(client.Send({.method = "GET", .url = "http://127.0.0.1:1/"}, absl::InfiniteFuture(),
                           nullptr)) == "CANCELLED");
}

}  // namespace
}  // namespace penstock::connector
