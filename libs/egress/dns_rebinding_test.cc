// Names that resolve to what their owner likes. getaddrinfo is this file's own: the linker gives it
// to libcurl in place of the C library's.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "libs/egress/client.h"
#include "libs/egress/testing/script_server.h"

namespace penstock::egress {
namespace {

// A name server that its owner controls.
class Dns {
 public:
  // The addresses of the next look-up, and of all after the last one.
  void Answer(const std::string& name, std::vector<std::vector<std::string>> answers) {
    absl::MutexLock lock(&mutex_);
    zones_[name] = {.answers = std::move(answers), .asked = 0};
  }
  std::vector<std::string> Resolve(const std::string& name) {
    absl::MutexLock lock(&mutex_);
    const auto zone = zones_.find(name);
    if (zone == zones_.end()) return {};
    const auto& answers = zone->second.answers;
    return answers[std::min<size_t>(zone->second.asked++, answers.size() - 1)];
  }
  int asked(const std::string& name) {
    absl::MutexLock lock(&mutex_);
    return zones_[name].asked;
  }

 private:
  struct Zone {
    std::vector<std::vector<std::string>> answers;
    int asked = 0;
  };
  absl::Mutex mutex_;
  std::map<std::string, Zone> zones_ ABSL_GUARDED_BY(mutex_);
};

Dns& TheDns() {
  static Dns& dns = *new Dns;
  return dns;
}

// One allocation each, as freeaddrinfo below takes them.
struct Node {
  addrinfo info{};
  sockaddr_storage address{};
  std::string canonical;
};

addrinfo* MakeNode(const std::string& address, uint16_t port, bool canonical) {
  Node* node = new Node;
  auto& v4 = reinterpret_cast<sockaddr_in&>(node->address);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(node->address);
  const bool is_v4 = inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
  if (is_v4) {
    v4.sin_port = htons(port);
  } else if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_port = htons(port);
  } else {
    std::abort();
  }
  node->address.ss_family = is_v4 ? AF_INET : AF_INET6;
  node->info.ai_family = node->address.ss_family;
  node->info.ai_socktype = SOCK_STREAM;
  node->info.ai_protocol = IPPROTO_TCP;
  node->info.ai_addrlen = is_v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  node->info.ai_addr = reinterpret_cast<sockaddr*>(&node->address);
  node->canonical = "db.internal.example";  // as behind a CNAME
  if (canonical) node->info.ai_canonname = node->canonical.data();
  return &node->info;
}

}  // namespace
}  // namespace penstock::egress

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  using penstock::egress::MakeNode;
  const auto port = static_cast<uint16_t>(service != nullptr ? std::atoi(service) : 0);
  const bool canonical = hints != nullptr && (hints->ai_flags & AI_CANONNAME) != 0;
  addrinfo** tail = result;
  *result = nullptr;
  for (const std::string& address : penstock::egress::TheDns().Resolve(name)) {
    *tail = MakeNode(address, port, canonical);
    tail = &(*tail)->ai_next;
  }
  return *result != nullptr ? 0 : EAI_NONAME;
}

extern "C" void freeaddrinfo(addrinfo* list) {
  while (list != nullptr) {
    addrinfo* next = list->ai_next;
    delete reinterpret_cast<penstock::egress::Node*>(list);
    list = next;
  }
}

namespace penstock::egress {
namespace {

const RealClock kClock;
// Loopback stands for the public internet, which tests have none of: 127.0.0.1 is open, and every
// other address of the inside is not.
constexpr char kPublic[] = "127.0.0.1";

std::unique_ptr<HttpClient> MakeClient(std::string_view allow = "127.0.0.1:1-65535") {
  return HttpClient::Create(Guard::Create(allow, PlainHttp::kAllowed).value(), kClock).value();
}

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

std::string TypeOf(const HttpResult& result) {
  const auto* failed = std::get_if<HttpFailure>(&result);
  return failed != nullptr ? failed->type
                           : "status " + std::to_string(std::get<HttpResponse>(result).status);
}

std::string Get(HttpClient& client, const ScriptServer& server, const std::string& host) {
  return TypeOf(Fetch(client, {.method = "GET", .url = server.url("/", host)}));
}

void Always200(Peer& peer) {
  while (peer.Read()) peer.Respond(200, "");
}

TEST_CASE("the resolver of this test is the one that libcurl asks") {
  ScriptServer server(Always200);
  TheDns().Answer("here.example", {{kPublic}});
  auto client = MakeClient();
  CHECK(Get(*client, server, "here.example") == "status 200");
  // The address that was checked is the one connected to: nobody asks a second time.
  CHECK(TheDns().asked("here.example") == 1);
}

TEST_CASE("a name that is public first and inside later is refused when it is dialled again") {
  ScriptServer server(Always200);
  for (const char* inside :
       {"127.0.0.2", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"}) {
    INFO(inside);
    const std::string name = std::string("rebind-") + inside + ".example";
    TheDns().Answer(name, {{kPublic}, {inside}});
    // Clients of their own, as each remembers what it looked up for a minute.
    auto first = MakeClient(), second = MakeClient();
    CHECK(Get(*first, server, name) == "status 200");
    const int before = server.connections();
    CHECK(Get(*second, server, name) == "EGRESS_DENIED");
    CHECK(server.connections() == before);
  }
}

TEST_CASE("answers that alternate never reach the inside, however often one tries") {
  ScriptServer server(Always200);
  std::vector<std::vector<std::string>> answers;
  for (int i = 0; i < 10; ++i) answers.push_back({i % 2 == 0 ? kPublic : "127.0.0.2"});
  TheDns().Answer("flip.example", answers);
  for (int i = 0; i < 10; ++i) {
    auto client = MakeClient();
    CHECK(Get(*client, server, "flip.example") == (i % 2 == 0 ? "status 200" : "EGRESS_DENIED"));
  }
}

TEST_CASE("of several addresses only those that are open are dialled") {
  ScriptServer server(Always200);
  TheDns().Answer("mixed.example", {{"10.0.0.1", "127.0.0.2", kPublic}});
  TheDns().Answer("inside.example", {{"10.0.0.1", "fd00::1", "127.0.0.2"}});
  auto client = MakeClient();
  CHECK(Get(*client, server, "mixed.example") == "status 200");
  CHECK(Get(*client, server, "inside.example") == "EGRESS_DENIED");
}

TEST_CASE("a name that is an alias for one inside is judged by where it ends") {
  ScriptServer server(Always200);
  TheDns().Answer("cname.example", {{"10.0.0.5"}});
  // Opening the alias's name does not help either: hosts are opened by what the URL says.
  auto client = MakeClient("127.0.0.1:1-65535,db.internal.example:1-65535");
  const HttpResult result =
      Fetch(*client, {.method = "GET", .url = server.url("/", "cname.example")});
  CHECK(TypeOf(result) == "EGRESS_DENIED");
  // Whoever asks does not learn where it is.
  CHECK(std::get<HttpFailure>(result).message.find("10.0.0.5") == std::string::npos);
}

TEST_CASE("IPv6 answers that carry an IPv4 address inside are judged by that") {
  ScriptServer server(Always200);
  auto client = MakeClient("192.0.2.1:1-65535");
  int names = 0;
  for (const char* address :
       {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "::1",
        "::", "fe80::1", "fd00:ec2::254", "ff02::1"}) {
    INFO(address);
    const std::string name = "v6-" + std::to_string(names++) + ".example";
    TheDns().Answer(name, {{address}});
    CHECK(Get(*client, server, name) == "EGRESS_DENIED");
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a host that the operator opened may be inside, but never a metadata service") {
  ScriptServer server(Always200);
  auto client = MakeClient("svc.internal.example:1-65535,evil.internal.example:1-65535");
  TheDns().Answer("svc.internal.example", {{"127.0.0.1"}});
  CHECK(Get(*client, server, "svc.internal.example") == "status 200");
  for (const char* metadata :
       {"169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "168.63.129.16"}) {
    INFO(metadata);
    TheDns().Answer("evil.internal.example", {{metadata}});
    auto fresh = MakeClient("evil.internal.example:1-65535");
    CHECK(Get(*fresh, server, "evil.internal.example") == "EGRESS_DENIED");
  }
}

TEST_CASE("a redirect to a name is judged by where the name leads at that moment") {
  ScriptServer inside(Always200);
  TheDns().Answer("first.example", {{kPublic}});
  TheDns().Answer("second.example", {{"127.0.0.2"}});
  ScriptServer server([&](Peer& peer) {
    while (peer.Read())
      peer.Respond(302, "", "Location: " + inside.url("/", "second.example") + "\r\n");
  });
  auto client = MakeClient();
  CHECK(Get(*client, server, "first.example") == "EGRESS_DENIED");
  CHECK(inside.connections() == 0);
}

}  // namespace
}  // namespace penstock::egress
