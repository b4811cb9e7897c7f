#include "libs/egress/client.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <string>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "libs/egress/testing/script_server.h"

namespace penstock::egress {
namespace {

const RealClock kClock;

std::unique_ptr<HttpClient> MakeClient(std::string_view allow, ClientOptions options = {},
                                       PlainHttp plain = PlainHttp::kAllowed) {
  return HttpClient::Create(Guard::Create(allow, plain).value(), kClock, std::move(options))
      .value();
}

// Opens loopback on every port, as the tests' upstreams need.
constexpr std::string_view kLoopback = "127.0.0.1:1-65535";

HttpResult Fetch(HttpClient& client, HttpRequest request) {
  HttpResult result;
  absl::Notification done;
  client.Send(std::move(request), [&](HttpResult r) {
    result = std::move(r);
    done.Notify();
  });
  done.WaitForNotification();
  return result;
}

HttpResult Get(HttpClient& client, const std::string& url) {
  return Fetch(client, {.method = "GET", .url = url});
}

std::string TypeOf(const HttpResult& result) {
  const auto* failure = std::get_if<HttpFailure>(&result);
  return failure != nullptr ? failure->type
                            : fmt::format("status {}", std::get<HttpResponse>(result).status);
}

std::string HeaderOf(const HttpResponse& response, std::string_view name) {
  for (const auto& header : response.headers) {
    if (header.first == name) return header.second;
  }
  return "(none)";
}

// Answers every request on a connection with 200 and what it got.
void Echo(Peer& peer) {
  while (auto request = peer.Read()) {
    std::string text = request->method + " " + request->target + "\n";
    for (const auto& [name, value] : request->headers) text += name + ": " + value + "\n";
    peer.Respond(200, text + "\n" + request->body);
  }
}

ScriptServer::Script Always(std::string bytes) {
  return [bytes](Peer& peer) {
    while (peer.Read()) {
      if (!peer.Write(bytes)) return;
    }
  };
}

ScriptServer::Script RedirectTo(std::string location, int status = 302) {
  return Always(fmt::format("HTTP/1.1 {} Moved\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
                            status, location));
}

std::string Gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = plain.size();
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = packed.size();
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string GzipResponse(const std::string& plain) {
  std::string packed = Gzip(plain);
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n{}",
                     packed.size(), packed);
}

// ---- What is sent and what comes back.

TEST_CASE("a request arrives as given and its answer comes back") {
  ScriptServer server(Echo);
  auto client = MakeClient(kLoopback);
  HttpResult result = Fetch(*client, {.method = "POST",
                                      .url = server.url("/a/b?c=d"),
                                      .headers = {{"X-One", "1"}, {"X-Empty", ""}},
                                      .body = std::string("{\"a\":\"\0\"}", 9)});
  auto& response = std::get<HttpResponse>(result);
  CHECK(response.status == 200);
  CHECK(response.body.starts_with("POST /a/b?c=d\n"));
  CHECK(response.body.find("\nx-one: 1\n") != std::string::npos);
  CHECK(response.body.find("\nx-empty: \n") != std::string::npos);
  CHECK(response.body.find("content-type") == std::string::npos);
  CHECK(response.body.find("expect") == std::string::npos);
  CHECK(response.body.ends_with(std::string("\n\n{\"a\":\"\0\"}", 11)));
}

TEST_CASE("header names of an answer are lower case and repeated ones are kept") {
  ScriptServer server(
      Always("HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n"
             "HTTP/1.1 201 Made\r\nX-Thing:  a \r\nX-THING: b\r\nContent-Length: 0\r\n\r\n"));
  auto client = MakeClient(kLoopback);
  auto response = std::get<HttpResponse>(Get(*client, server.url("/")));
  CHECK(response.status == 201);
  CHECK(response.headers[0] == std::pair<std::string, std::string>("x-thing", "a"));
  CHECK(response.headers[1] == std::pair<std::string, std::string>("x-thing", "b"));
  CHECK(HeaderOf(response, "x-early") == "(none)");
}

TEST_CASE("HEAD, an empty POST and DELETE are sent as such") {
  ScriptServer server([](Peer& peer) {
    while (auto request = peer.Read()) {
      std::string seen = request->method + request->headers["content-length"];
      peer.Write(fmt::format("HTTP/1.1 200 OK\r\nX-Seen: {}\r\nContent-Length: {}\r\n\r\n", seen,
                             request->method == "HEAD" ? 99999999 : 0));
    }
  });
  auto client = MakeClient(kLoopback);
  for (auto [method, seen] : {std::pair{"HEAD", "HEAD"}, {"POST", "POST0"}, {"DELETE", "DELETE"}}) {
    auto result = Fetch(*client, {.method = method, .url = server.url("/")});
    REQUIRE(TypeOf(result) == "status 200");
    CHECK(HeaderOf(std::get<HttpResponse>(result), "x-seen") == seen);
  }
}

TEST_CASE("connections are kept for repeatable requests and fresh for others") {
  ScriptServer server(Echo);
  auto client = MakeClient(kLoopback);
  for (int i = 0; i < 3; ++i) Get(*client, server.url("/"));
  CHECK(server.connections() == 1);
  Fetch(*client, {.method = "POST", .url = server.url("/"), .headers = {{"Idempotency-Key", "k"}}});
  CHECK(server.connections() == 1);
  Fetch(*client, {.method = "POST", .url = server.url("/")});
  CHECK(server.connections() == 2);
}

TEST_CASE("proxy settings of the environment have no say") {
  ScriptServer server(Echo), proxy(Always("HTTP/1.1 418 Proxy\r\nContent-Length: 0\r\n\r\n"));
  setenv("http_proxy", proxy.url("").c_str(), 1);
  setenv("ALL_PROXY", proxy.url("").c_str(), 1);
  auto client = MakeClient(kLoopback);
  CHECK(TypeOf(Get(*client, server.url("/"))) == "status 200");
  CHECK(proxy.connections() == 0);
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
}

TEST_CASE("headers that frame the message or smuggle a line are refused") {
  ScriptServer server(Echo);
  auto client = MakeClient(kLoopback);
  auto with = [&](std::string name, std::string value) {
    return TypeOf(Fetch(*client, {.method = "GET",
                                  .url = server.url("/"),
                                  .headers = {{std::move(name), std::move(value)}}}));
  };
  CHECK(with("Host", "internal") == "BAD_REQUEST");
  CHECK(with("content-Length", "5") == "BAD_REQUEST");
  CHECK(with("Transfer-Encoding", "chunked") == "BAD_REQUEST");
  CHECK(with("X-A", "b\r\nX-Injected: 1") == "BAD_REQUEST");
  CHECK(with("X-A\r\nX-B", "c") == "BAD_REQUEST");
  CHECK(with("X-A:", "c") == "BAD_REQUEST");
  CHECK(with("", "c") == "BAD_REQUEST");
  CHECK(TypeOf(Fetch(*client, {.method = "GET / HTTP/1.1\r\nX:", .url = server.url("/")})) ==
        "BAD_REQUEST");
  CHECK(TypeOf(Fetch(*client, {.method = "CONNECT", .url = server.url("/")})) == "BAD_REQUEST");
  CHECK(server.connections() == 0);
}

// ---- Where it may go.

TEST_CASE("every spelling of loopback is refused by the address it connects to") {
  ScriptServer server(Echo);
  // Names a port so that only the address can be the reason.
  auto client = MakeClient("192.0.2.1:1-65535");
  for (const char* host :
       {"127.0.0.1", "localhost", "LOCALHOST", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "0x7f.1",
        "2130706433", "017700000001", "0", "127.1", "[::]", "0.0.0.0"}) {
    INFO(host);
    CHECK(TypeOf(Get(*client, server.url("/", host))) == "EGRESS_DENIED");
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a port or scheme that is not open is refused before any connection") {
  ScriptServer server(Echo);
  auto closed = MakeClient("");
  CHECK(TypeOf(Get(*closed, server.url("/"))) == "EGRESS_DENIED");
  auto https_only = MakeClient(kLoopback, {}, PlainHttp::kRefused);
  CHECK(TypeOf(Get(*https_only, server.url("/"))) == "EGRESS_DENIED");
  CHECK(TypeOf(Get(*https_only, "ftp://127.0.0.1/")) == "EGRESS_DENIED");
  CHECK(TypeOf(Get(*https_only, "file:///etc/passwd")) != "status 200");
  CHECK(server.connections() == 0);
}

TEST_CASE("a kept connection is checked again for the name it is used by") {
  ScriptServer server(Echo);
  auto client = MakeClient("localhost:1-65535");
  CHECK(TypeOf(Get(*client, server.url("/", "localhost"))) == "status 200");
  CHECK(TypeOf(Get(*client, server.url("/", "127.0.0.1"))) == "EGRESS_DENIED");
}

TEST_CASE("bad URLs are told apart") {
  auto client = MakeClient(kLoopback);
  for (const char* url :
       {"", "nonsense", "http://user:pass@127.0.0.1/", "http://127.0.0.1:99999/"}) {
    CHECK(TypeOf(Get(*client, url)) == "BAD_URL");
  }
}

// ---- Redirects.

TEST_CASE("a redirect is followed and relative ones are resolved") {
  ScriptServer server([](Peer& peer) {
    while (auto request = peer.Read()) {
      if (request->target == "/a/b")
        peer.Respond(302, "x", "Location: ../c?d\r\n");
      else
        peer.Respond(200, request->target);
    }
  });
  auto client = MakeClient(kLoopback);
  CHECK(std::get<HttpResponse>(Get(*client, server.url("/a/b"))).body == "/c?d");
}

TEST_CASE("with no redirects wanted the redirect is the answer") {
  ScriptServer server(RedirectTo("/x"));
  auto client = MakeClient(kLoopback);
  HttpRequest request{.method = "GET", .url = server.url("/"), .max_redirects = 0};
  CHECK(TypeOf(Fetch(*client, request)) == "status 302");
}

TEST_CASE("a redirect to a metadata, private or unlisted address is refused") {
  auto client = MakeClient(kLoopback);
  for (const char* target :
       {"http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://10.0.0.1/",
        "http://[::1]/", "//192.168.1.1/", "ftp://127.0.0.1/"}) {
    INFO(target);
    ScriptServer server(RedirectTo(target));
    CHECK(TypeOf(Get(*client, server.url("/"))) == "EGRESS_DENIED");
  }
  ScriptServer with_user(RedirectTo("http://u:p@127.0.0.1/"));
  CHECK(TypeOf(Get(*client, with_user.url("/"))) == "BAD_URL");
}

TEST_CASE("redirect loops end") {
  ScriptServer server(RedirectTo("/again"));
  auto client = MakeClient(kLoopback);
  CHECK(TypeOf(Get(*client, server.url("/"))) == "TOO_MANY_REDIRECTS");
}

TEST_CASE("credentials stay with their origin, also when a later redirect leads back") {
  ScriptServer target(Echo);
  ScriptServer middle(RedirectTo(target.url("/end")));
  auto client = MakeClient(kLoopback);
  HttpRequest request{.method = "GET",
                      .url = "",
                      .headers = {{"Authorization", "Bearer planted"},
                                  {"Cookie", "planted"},
                                  {"X-Api-Key", "planted"},
                                  {"Accept", "text/plain"}}};
  SECTION("the same origin keeps them") {
    request.url = target.url("/");
    CHECK(std::get<HttpResponse>(Fetch(*client, request)).body.find("Bearer planted") !=
          std::string::npos);
  }
  SECTION("another port is another origin") {
    request.url = middle.url("/");
    std::string seen = std::get<HttpResponse>(Fetch(*client, request)).body;
    CHECK(seen.find("planted") == std::string::npos);
    CHECK(seen.find("accept: text/plain") != std::string::npos);
  }
  SECTION("going away and coming back") {
    ScriptServer away([&](Peer& peer) {
      while (peer.Read()) peer.Respond(302, "", "Location: " + target.url("/back") + "\r\n");
    });
    ScriptServer first([&](Peer& peer) {
      while (peer.Read()) peer.Respond(302, "", "Location: " + away.url("/") + "\r\n");
    });
    request.url = first.url("/");
    CHECK(std::get<HttpResponse>(Fetch(*client, request)).body.find("planted") ==
          std::string::npos);
  }
}

// ---- Limits.

TEST_CASE("a compressed body is unpacked and says nothing of its encoding") {
  ScriptServer server(Always(GzipResponse("hello")));
  auto client = MakeClient(kLoopback);
  auto response = std::get<HttpResponse>(Get(*client, server.url("/")));
  CHECK(response.body == "hello");
  CHECK(HeaderOf(response, "content-encoding") == "(none)");
  CHECK(HeaderOf(response, "content-length") == "(none)");
}

TEST_CASE("a gzip bomb ends at the limit, of size or of ratio") {
  ScriptServer server(Always(GzipResponse(std::string(4 << 20, 'x'))));
  auto client = MakeClient(kLoopback);
  HttpRequest request{.method = "GET", .url = server.url("/")};
  SECTION("ratio") {
    HttpResult result = Fetch(*client, request);
    CHECK(TypeOf(result) == "TOO_LARGE");
    CHECK(std::get<HttpFailure>(result).message.find("times") != std::string::npos);
  }
  SECTION("size") {
    request.max_response_bytes = 100'000;
    HttpResult result = Fetch(*client, request);
    CHECK(TypeOf(result) == "TOO_LARGE");
    CHECK(std::get<HttpFailure>(result).message.find("100000") != std::string::npos);
  }
}

TEST_CASE("encodings that were not asked for are refused") {
  auto client = MakeClient(kLoopback);
  for (const char* encoding : {"zstd", "br", "gzip, gzip", "compress"}) {
    ScriptServer server(Always(fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Encoding: {}\r\nContent-Length: 1\r\n\r\nx", encoding)));
    CHECK(TypeOf(Get(*client, server.url("/"))) == "BAD_RESPONSE");
  }
}

TEST_CASE("an endless chunked body ends at the limit") {
  ScriptServer server([](Peer& peer) {
    peer.Read();
    peer.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    while (peer.Write(chunk)) {
    }
  });
  auto client = MakeClient(kLoopback);
  HttpRequest request{.method = "GET", .url = server.url("/"), .max_response_bytes = 1 << 20};
  CHECK(TypeOf(Fetch(*client, request)) == "TOO_LARGE");
}

TEST_CASE("a body announced as too large is not read") {
  ScriptServer server(Always("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"));
  auto client = MakeClient(kLoopback);
  CHECK(TypeOf(Get(*client, server.url("/"))) == "TOO_LARGE");
}

TEST_CASE("endless headers end at the limit, interim ones too") {
  auto client = MakeClient(kLoopback);
  auto endless = [](std::string start, std::string more) {
    return [start, more](Peer& peer) {
      peer.Read();
      peer.Write(start);
      while (peer.Write(more)) {
      }
    };
  };
  ScriptServer plain(endless("HTTP/1.1 200 OK\r\n", "X-Filler: 0123456789012345678901234\r\n"));
  CHECK(TypeOf(Get(*client, plain.url("/"))) == "TOO_LARGE");
  ScriptServer interim(endless("", "HTTP/1.1 103 Early\r\nX-Filler: 0123456789\r\n\r\n"));
  CHECK(TypeOf(Get(*client, interim.url("/"))) == "TOO_LARGE");
}

TEST_CASE("a slow answer times out, before and inside the body") {
  auto client = MakeClient(kLoopback);
  for (const char* start : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}) {
    ScriptServer server([start](Peer& peer) {
      peer.Read();
      peer.Write(start);
      peer.AwaitClose();
    });
    HttpRequest request{
        .method = "GET", .url = server.url("/"), .timeout = absl::Milliseconds(100)};
    CHECK(TypeOf(Fetch(*client, request)) == "TIMEOUT");
  }
}

TEST_CASE("broken and foreign answers are bad responses") {
  auto client = MakeClient(kLoopback);
  for (const char* bytes :
       {"", "SSH-2.0-OpenSSH_9\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\njunk"}) {
    INFO(bytes);
    ScriptServer server([bytes](Peer& peer) {
      peer.Read();
      peer.Write(bytes);
    });
    CHECK(TypeOf(Get(*client, server.url("/"))) == "BAD_RESPONSE");
  }
}

TEST_CASE("nobody listening and no such name are failures to connect") {
  int port;
  { port = ScriptServer(Echo).port(); }
  auto client = MakeClient("127.0.0.1:1-65535,nowhere.invalid:1-65535");
  CHECK(TypeOf(Get(*client, fmt::format("http://127.0.0.1:{}/", port))) == "CONNECT_FAILED");
  CHECK(TypeOf(Get(*client, "http://nowhere.invalid/")) == "CONNECT_FAILED");
}

// ---- TLS.

TEST_CASE("https needs a certificate that is trusted, for that name, and TLS 1.2") {
  TlsIdentity identity;
  ClientOptions trusting;
  trusting.driver.limits.ca_file = identity.certificate_file();
  SECTION("self-signed is not trusted") {
    ScriptServer server(Echo, &identity);
    auto client = MakeClient(kLoopback);
    CHECK(TypeOf(Get(*client, server.url("/"))) == "TLS_FAILED");
  }
  SECTION("trusted") {
    ScriptServer server(Echo, &identity);
    auto client = MakeClient(kLoopback, trusting, PlainHttp::kRefused);
    CHECK(TypeOf(Get(*client, server.url("/"))) == "status 200");
  }
  SECTION("another name") {
    ScriptServer server(Echo, &identity);
    auto client = MakeClient("127.0.0.2:1-65535,127.0.0.1:1-65535", trusting);
    CHECK(TypeOf(Get(*client, server.url("/", "0x7f000001"))) == "status 200");
    CHECK(TypeOf(Get(*client, server.url("/", "ip6-localhost"))) != "status 200");
  }
  SECTION("old versions") {
    identity.SpeakOnlyOldVersions();
    ScriptServer server(Echo, &identity);
    auto client = MakeClient(kLoopback, trusting);
    CHECK(TypeOf(Get(*client, server.url("/"))) == "TLS_FAILED");
  }
  SECTION("https never leads to http") {
    ScriptServer plain(Echo);
    ScriptServer server(RedirectTo(plain.url("/")), &identity);
    auto client = MakeClient(kLoopback, trusting);
    CHECK(TypeOf(Get(*client, server.url("/"))) == "EGRESS_DENIED");
    CHECK(plain.connections() == 0);
  }
}

// ---- Many at a time.

// Holds every request until told, then answers all.
class Held {
 public:
  void operator()(Peer& peer) {
    while (peer.Read()) {
      absl::MutexLock lock(&mutex_);
      arrived_ = true;
      mutex_.Await(absl::Condition(&released_));
      peer.Respond(200, "");
    }
  }
  void AwaitArrival() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&arrived_));
  }
  void Release() {
    absl::MutexLock lock(&mutex_);
    released_ = true;
  }

 private:
  absl::Mutex mutex_;
  bool arrived_ = false;
  bool released_ = false;
};

TEST_CASE("past the limit a request is refused at once, and those waiting get their turn") {
  Held held;
  ScriptServer server([&](Peer& peer) { held(peer); });
  ClientOptions options;
  options.max_open = 2;
  options.driver.max_concurrent = 1;
  auto client = MakeClient(kLoopback, options);
  absl::BlockingCounter answered(2);
  std::atomic<int> ok = 0;
  auto count = [&](HttpResult result) {
    if (TypeOf(result) == "status 200") ++ok;
    answered.DecrementCount();
  };
  client->Send({.method = "GET", .url = server.url("/1")}, count);
  held.AwaitArrival();
  client->Send({.method = "GET", .url = server.url("/2")}, count);
  CHECK(TypeOf(Get(*client, server.url("/3"))) == "RESOURCE_EXHAUSTED");
  held.Release();
  answered.Wait();
  CHECK(ok == 2);
}

TEST_CASE("a request that found no place in time has timed out") {
  Held held;
  ScriptServer server([&](Peer& peer) { held(peer); });
  ClientOptions options;
  options.driver.max_concurrent = 1;
  auto client = MakeClient(kLoopback, options);
  absl::Notification first_done;
  client->Send({.method = "GET", .url = server.url("/1")},
               [&](HttpResult) { first_done.Notify(); });
  held.AwaitArrival();
  HttpRequest second{.method = "GET", .url = server.url("/2"), .timeout = absl::Milliseconds(50)};
  CHECK(TypeOf(Fetch(*client, second)) == "TIMEOUT");
  held.Release();
  first_done.WaitForNotification();
}

TEST_CASE("a cancelled request ends at once, under way or waiting, and only once") {
  Held held;
  ScriptServer server([&](Peer& peer) { held(peer); });
  ClientOptions options;
  options.driver.max_concurrent = 1;
  auto client = MakeClient(kLoopback, options);
  absl::BlockingCounter ended(2);
  std::vector<std::string> types;
  auto record = [&](HttpResult result) {
    types.push_back(TypeOf(result));
    ended.DecrementCount();
  };
  auto first = client->Send({.method = "GET", .url = server.url("/1")}, record);
  held.AwaitArrival();
  auto second = client->Send({.method = "GET", .url = server.url("/2")}, record);
  client->Cancel(second);
  client->Cancel(first);
  client->Cancel(first);
  client->Cancel(12345);
  ended.Wait();
  held.Release();
  CHECK(types == std::vector<std::string>{"CANCELLED", "CANCELLED"});
}

TEST_CASE("stopping lets what is open end within the grace and cancels the rest") {
  Held held;
  ScriptServer server([&](Peer& peer) { held(peer); });
  auto client = MakeClient(kLoopback);
  std::string type;
  client->Send({.method = "GET", .url = server.url("/")},
               [&](HttpResult result) { type = TypeOf(result); });
  held.AwaitArrival();
  SECTION("in time") {
    held.Release();
    client->Stop(absl::Seconds(30));
    CHECK(type == "status 200");
  }
  SECTION("too late") {
    client->Stop(absl::ZeroDuration());
    CHECK(type == "CANCELLED");
    held.Release();
  }
  CHECK(TypeOf(Get(*client, server.url("/"))) == "CANCELLED");
}

TEST_CASE("a thousand requests each get their own answer") {
  ScriptServer server([](Peer& peer) {
    while (auto request = peer.Read()) peer.Respond(200, request->target);
  });
  ClientOptions options;
  options.driver.max_concurrent = 16;
  auto client = MakeClient(kLoopback, options);
  constexpr int kRequests = 1000;
  absl::BlockingCounter answered(kRequests);
  std::atomic<int> right = 0;
  for (int i = 0; i < kRequests; ++i) {
    std::string path = fmt::format("/{}", i);
    client->Send({.method = "GET", .url = server.url(path)}, [&, path](HttpResult result) {
      auto* response = std::get_if<HttpResponse>(&result);
      if (response != nullptr && response->body == path) ++right;
      answered.DecrementCount();
    });
  }
  answered.Wait();
  CHECK(right == kRequests);
  CHECK(server.connections() <= 16);
}

TEST_CASE("a callback may send the next request") {
  ScriptServer server(Echo);
  auto client = MakeClient(kLoopback);
  absl::Notification done;
  std::string type;
  client->Send({.method = "GET", .url = server.url("/1")}, [&](HttpResult) {
    client->Send({.method = "GET", .url = server.url("/2")}, [&](HttpResult result) {
      type = TypeOf(result);
      done.Notify();
    });
  });
  done.WaitForNotification();
  CHECK(type == "status 200");
}

}  // namespace
}  // namespace penstock::egress
