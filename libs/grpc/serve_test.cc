// What Serve, ServeAsync and ServeStream do around a handler, seen by a real client.
#include "libs/grpc/serve.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "libs/grpc/status_conversion.h"
#include "libs/grpc/testing/echo_server.h"
#include "libs/status/details.h"

namespace penstock::rpc {
namespace {

using testing::As;
using testing::EchoRequest;
using testing::EchoResponse;
using testing::EchoServer;

absl::Status Say(EchoServer& server, ::grpc::ClientContext& context, std::string* heard = nullptr) {
  EchoRequest request;
  request.set_text("hello");
  EchoResponse response;
  absl::Status status = FromGrpcStatus(server.stub().Say(&context, request, &response));
  if (heard != nullptr) *heard = response.text();
  return status;
}

absl::Status Say(EchoServer& server, const std::string& credential = "viewer") { return Say(server, *As(credential)); }

absl::Status SayLater(EchoServer& server, const std::string& credential = "viewer", absl::Duration timeout = absl::Seconds(60)) {
  EchoResponse response;
  return FromGrpcStatus(server.stub().SayLater(As(credential, timeout).get(), EchoRequest(), &response));
}

// A call on a thread of its own.
class Call {
 public:
  explicit Call(EchoServer& server, std::unique_ptr<::grpc::ClientContext> context = As("viewer"))
      : context_(std::move(context)), thread_([this, &server] { status_ = Say(server, *context_); }) {}
  absl::Status Wait() {
    if (thread_.joinable()) thread_.join();
    return status_;
  }
  void Cancel() { context_->TryCancel(); }
  ~Call() { Wait().IgnoreError(); }

 private:
  std::unique_ptr<::grpc::ClientContext> context_;
  absl::Status status_;
  std::thread thread_;
};

TEST_CASE("a call is answered, with its caller, request id and trace known to the handler") {
  EchoServer server;
  CallContext seen;
  server.say = [&seen](const CallContext& caller, const EchoRequest& request) -> absl::StatusOr<EchoResponse> {
    seen = caller;
    EchoResponse response;
    response.set_text(request.text() + "!");
    return response;
  };
  auto context = As("admin");
  context->AddMetadata("x-request-id", "mine-1");
  context->AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  std::string heard;
  REQUIRE(Say(server, *context, &heard).ok());
  CHECK(heard == "hello!");
  CHECK(seen.role == auth::Role::kAdmin);
  CHECK(seen.request_id == "mine-1");
  CHECK(seen.trace.trace_id == "0af7651916cd43dd8448eb211c80319c");
  CHECK(seen.trace.parent_id == "b7ad6b7169203331");
  CHECK(seen.trace.span_id != seen.trace.parent_id);
  CHECK(seen.deadline < absl::InfiniteFuture());
  CHECK(server.AwaitFinished("Say", "OK"));
}

TEST_CASE("a request id that could not stand in a log line is replaced") {
  EchoServer server;
  std::string seen;
  server.say = [&seen](const CallContext& caller, const EchoRequest&) -> absl::StatusOr<EchoResponse> {
    seen = caller.request_id;
    return EchoResponse();
  };
  auto context = As("viewer");
  context->AddMetadata("x-request-id", "a b\"c");
  REQUIRE(Say(server, *context).ok());
  CHECK(!seen.empty());
  CHECK(seen.find(' ') == seen.npos);
}

TEST_CASE("callers without credentials, without the role, and methods without an entry are refused") {
  EchoServer server;
  CHECK(absl::IsUnauthenticated(Say(server, "")));
  CHECK(absl::IsUnauthenticated(Say(server, "nobody")));
  EchoResponse response;
  auto viewer = As("viewer");
  auto stream = server.stub().Repeat(viewer.get(), EchoRequest());
  CHECK_FALSE(stream->Read(&response));
  CHECK(stream->Finish().error_code() == ::grpc::StatusCode::PERMISSION_DENIED);
  absl::Status forgotten = FromGrpcStatus(server.stub().Forgotten(As("admin").get(), EchoRequest(), &response));
  CHECK(absl::IsUnimplemented(forgotten));
  CHECK(ReasonOf(forgotten) == "NO_ROLE_ENTRY");
}

TEST_CASE("an error reaches the client with its details; an exception without its text") {
  EchoServer server;
  server.say = [](const CallContext&, const EchoRequest&) -> absl::StatusOr<EchoResponse> { return InvalidField("text", "is wrong"); };
  absl::Status status = Say(server);
  CHECK(absl::IsInvalidArgument(status));
  REQUIRE(ViolationsOf(status).size() == 1);
  CHECK(ViolationsOf(status)[0].field == "text");
  server.say = [](const CallContext&, const EchoRequest&) -> absl::StatusOr<EchoResponse> { throw std::runtime_error("the secret"); };
  status = Say(server);
  CHECK(absl::IsInternal(status));
  CHECK(std::string(status.message()).find("secret") == std::string::npos);
}

TEST_CASE("past the limit of calls at once a call is refused with the time to try again") {
  EchoServer server({.serving = {.max_in_flight = 1}});
  absl::Notification running, go_on;
  std::atomic<bool> holds{true};
  server.say = [&](const CallContext&, const EchoRequest&) -> absl::StatusOr<EchoResponse> {
    if (holds.exchange(false)) {
      running.Notify();
      go_on.WaitForNotification();
    }
    return EchoResponse();
  };
  Call first(server);
  running.WaitForNotification();
  absl::Status refused = Say(server);
  CHECK(absl::IsResourceExhausted(refused));
  CHECK(RetryAfterOf(refused) > absl::ZeroDuration());
  go_on.Notify();
  CHECK(first.Wait().ok());
  CHECK(Say(server).ok());
}

TEST_CASE("a call that is cancelled while in line for a worker gives its place back at once, and never runs") {
  EchoServer server({.serving = {.max_in_flight = 2}, .workers = 1});
  absl::Notification running, go_on;
  std::atomic<int> ran{0};
  server.say = [&](const CallContext&, const EchoRequest&) -> absl::StatusOr<EchoResponse> {
    if (++ran == 1) {
      running.Notify();
      go_on.WaitForNotification();
    }
    return EchoResponse();
  };
  Call first(server);
  running.WaitForNotification();
  {
    Call waiting(server);
    REQUIRE(server.AwaitInFlight(2));
    CHECK(absl::IsResourceExhausted(Say(server)));
    waiting.Cancel();
    CHECK(absl::IsCancelled(waiting.Wait()));
  }
  // Though the only worker is still busy.
  REQUIRE(server.AwaitInFlight(1));
  CHECK(server.Finished("Say", "CANCELLED") == 1);
  Call second(server);
  go_on.Notify();
  CHECK(first.Wait().ok());
  CHECK(second.Wait().ok());
  CHECK(ran == 2);
}

TEST_CASE("a handler is told when its client has gone or the client's deadline has passed") {
  EchoServer server;
  absl::Notification running;
  std::atomic<bool> told = false;
  server.before_say = [&](lifecycle::Cancellation& gone) {
    running.Notify();
    // Ends when it is told, and only then.
    told = !gone.Sleep(absl::InfiniteDuration());
  };
  SECTION("gone") {
    Call call(server);
    running.WaitForNotification();
    call.Cancel();
    CHECK(absl::IsCancelled(call.Wait()));
    CHECK(server.AwaitFinished("Say", "CANCELLED"));
  }
  SECTION("deadline") {
    CHECK(absl::IsDeadlineExceeded(Say(server, *As("viewer", absl::Milliseconds(200)))));
    CHECK(server.AwaitFinished("Say", "DEADLINE_EXCEEDED"));
  }
  CHECK(told);
}

TEST_CASE("an asynchronous answer comes from any thread; only the first counts, and none at all is an error") {
  EchoServer server;
  std::thread answering;
  server.say_later = [&](const CallContext&, const EchoRequest&, Done<EchoResponse> done) {
    answering = std::thread([done] {
      done(absl::NotFoundError("first"));
      done(absl::InternalError("second"));
    });
  };
  CHECK(absl::IsNotFound(SayLater(server)));
  answering.join();
  // The same when the credential has to be looked up.
  CHECK(absl::IsNotFound(SayLater(server, "looked-up")));
  answering.join();
  server.say_later = [](const CallContext&, const EchoRequest&, Done<EchoResponse>) {};
  CHECK(absl::IsInternal(SayLater(server)));
}

TEST_CASE("a call without a deadline gets the default one, and a late answer does nothing") {
  EchoServer server({.serving = {.default_deadline = absl::Milliseconds(50)}});
  Done<EchoResponse> kept;
  server.say_later = [&kept](const CallContext& caller, const EchoRequest&, Done<EchoResponse> done) {
    CHECK(caller.deadline < absl::InfiniteFuture());
    kept = std::move(done);
  };
  CHECK(absl::IsDeadlineExceeded(SayLater(server, "viewer", absl::InfiniteDuration())));
  CHECK(server.AwaitFinished("SayLater", "DEADLINE_EXCEEDED"));
  kept(EchoResponse());
  CHECK(server.Finished("SayLater", "OK") == 0);
}

TEST_CASE("a client's deadline longer than ours is cut") {
  EchoServer server({.serving = {.max_deadline = absl::Milliseconds(50)}});
  Done<EchoResponse> kept;
  server.say_later = [&kept](const CallContext&, const EchoRequest&, Done<EchoResponse> done) { kept = std::move(done); };
  CHECK(absl::IsDeadlineExceeded(SayLater(server)));
}

// The client's clock started before the call arrived, so its deadline passes a little before the server's: the server may hear of it as a
// client that went away. Which of the two it records is chance; that the call ends and gives its place back is not.
TEST_CASE("a call whose client's deadline passes ends on both sides") {
  EchoServer server({.serving = {.max_in_flight = 1}});
  Done<EchoResponse> kept;
  server.say_later = [&kept](const CallContext&, const EchoRequest&, Done<EchoResponse> done) { kept = std::move(done); };
  CHECK(absl::IsDeadlineExceeded(SayLater(server, "viewer", absl::Milliseconds(50))));
  absl::Time begin = absl::Now();
  while (server.Finished("SayLater", "DEADLINE_EXCEEDED") + server.Finished("SayLater", "CANCELLED") == 0) {
    REQUIRE(absl::Now() - begin < absl::Seconds(30));
    std::this_thread::yield();
  }
  CHECK(Say(server).ok());
}

TEST_CASE("a stream sends what is written and ends as the handler says") {
  EchoServer server;
  server.repeat = [](const CallContext&, const EchoRequest& request, std::shared_ptr<StreamWriter<EchoResponse>> writer) {
    for (int i = 0; i < 3; ++i) {
      EchoResponse response;
      response.set_text(request.text() + std::to_string(i));
      CHECK(writer->Write(response) == Taken::kTaken);
    }
    writer->Finish(absl::NotFoundError("no more"));
    CHECK(writer->Write(EchoResponse()) == Taken::kClosed);
  };
  EchoRequest request;
  request.set_text("n");
  auto context = As("admin");
  auto stream = server.stub().Repeat(context.get(), request);
  std::string all;
  for (EchoResponse response; stream->Read(&response);) all += response.text() + " ";
  CHECK(all == "n0 n1 n2 ");
  CHECK(absl::IsNotFound(FromGrpcStatus(stream->Finish())));
}

TEST_CASE("a drain ends open streams after what is buffered, tells their handlers, and takes no new ones") {
  EchoServer server;
  absl::Notification told;
  std::shared_ptr<StreamWriter<EchoResponse>> kept;
  server.repeat = [&](const CallContext&, const EchoRequest&, std::shared_ptr<StreamWriter<EchoResponse>> writer) {
    writer->OnClosed([&told] { told.Notify(); });
    writer->Write(EchoResponse());
    kept = writer;
  };
  auto context = As("admin");
  auto stream = server.stub().Repeat(context.get(), EchoRequest());
  EchoResponse response;
  REQUIRE(stream->Read(&response));
  server.serving().StartDrain();
  CHECK_FALSE(stream->Read(&response));
  absl::Status ended = FromGrpcStatus(stream->Finish());
  CHECK(absl::IsUnavailable(ended));
  CHECK(ReasonOf(ended) == "DRAINING");
  told.WaitForNotification();
  CHECK(kept->closed());
  kept.reset();
  auto late = As("admin");
  auto refused = server.stub().Repeat(late.get(), EchoRequest());
  CHECK_FALSE(refused->Read(&response));
  CHECK(ReasonOf(FromGrpcStatus(refused->Finish())) == "DRAINING");
  // Unary calls are served until the server itself stops taking them.
  CHECK(Say(server).ok());
}

TEST_CASE("a drain's listener is called once, at once when it comes late, and not when its handle is gone") {
  EchoServer server;
  int called = 0, gone = 0, late = 0;
  Serving::DrainHandle handle = server.serving().OnDrain([&] { ++called; });
  { Serving::DrainHandle dropped = server.serving().OnDrain([&] { ++gone; }); }
  server.serving().StartDrain();
  server.serving().StartDrain();
  Serving::DrainHandle after = server.serving().OnDrain([&] { ++late; });
  CHECK(called == 1);
  CHECK(gone == 0);
  CHECK(late == 1);
}

}  // namespace
}  // namespace penstock::rpc
