#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "tests/harness/ports.h"

namespace penstock::bench {
namespace {

constexpr char kOk[] = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

// Answers each request on one connection with what `answer` says, in the pieces it gives.
class Server {
 public:
  using Answer = std::function<std::vector<std::string>(int request)>;
  explicit Server(Answer answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
        listen(listener_, 16) != 0) {
      abort();
    }
    thread_ = std::thread([this] { Serve(); });
  }
  ~Server() {
    thread_.join();
    close(listener_);
  }
  int port() const { return port_; }

 private:
  void Serve() {
    int connection = accept(listener_, nullptr, nullptr);
    char buffer[4096];
    for (int request = 0; recv(connection, buffer, sizeof(buffer), 0) > 0; ++request) {
      for (const std::string& piece : answer_(request)) {
        (void)!write(connection, piece.data(), piece.size());
      }
    }
    close(connection);
  }

  const int port_ = harness::FreePort();
  Answer answer_;
  int listener_;
  std::thread thread_;
};

HttpLoad LoadOf(const Server& server, int64_t requests) {
  return {.port = server.port(),
          .request = PostBytes("/x", "{}"),
          .connections = 1,
          .requests = requests};
}

TEST_CASE("answers are counted by their status") {
  Server server([](int request) -> std::vector<std::string> {
    if (request == 1) return {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"};
    return {kOk};
  });
  absl::StatusOr<LoadResult> result = RunHttpLoad(LoadOf(server, 3));
  REQUIRE(result.ok());
  CHECK(result->completed == 2);
  CHECK(result->failed == 1);
  CHECK(result->first_failure.starts_with("HTTP/1.1 503"));
  CHECK(result->latencies.size() == 2);
}

TEST_CASE("an answer in pieces is one answer") {
  Server server([](int) -> std::vector<std::string> {
    return {"HTTP/1.1 200 OK\r\ncontent-", "length: 2\r\n\r\no", "k"};
  });
  absl::StatusOr<LoadResult> result = RunHttpLoad(LoadOf(server, 5));
  REQUIRE(result.ok());
  CHECK(result->completed == 5);
}

TEST_CASE("with a rate a stall is charged to every request it delays") {
  // The first answer takes as long as twenty requests are apart; behind it the server is quick.
  Server server([](int request) -> std::vector<std::string> {
    if (request == 0) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return {kOk};
  });
  HttpLoad load = LoadOf(server, 20);
  load.per_second = 100;
  absl::StatusOr<LoadResult> result = RunHttpLoad(load);
  REQUIRE(result.ok());
  CHECK(result->completed == 20);
  // Measured from the moment of sending, all but the first would be near zero.
  CHECK(result->latencies.PercentileMs(0.5) > 50);
}

TEST_CASE("a server that is not there is an error and not a result") {
  Server server([](int) -> std::vector<std::string> { return {}; });
  HttpLoad load = LoadOf(server, 1);
  load.port = harness::FreePort();
  CHECK_FALSE(RunHttpLoad(load).ok());
  // Lets the server's thread go.
  load = LoadOf(server, 0);
  CHECK(RunHttpLoad(load).ok());
}

}  // namespace
}  // namespace penstock::bench
