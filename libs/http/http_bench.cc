// How much a request costs the server alone: http_bench [seconds] prints requests/s and the CPU
// time per request of server and client threads apart. The handler answers at once, as the cheapest
// webhook would.
#include <time.h>

#include <cstdlib>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/http/server.h"
#include "libs/testing/http_client.h"

namespace penstock::http {
namespace {

double ThreadCpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

double ProcessCpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int Run(double seconds, int connections) {
  auto server =
      Server::Create({.address = "127.0.0.1:0"}, [](const Request& request, Responder responder) {
        Response response;
        response.body.assign(request.body);
        responder.Send(std::move(response));
      });
  if (!server.ok()) return 1;
  const std::string text =
      testing::RequestText("POST", "/webhooks/test-client/webhook/test", "{\"message\":\"hello\"}",
                           {{"Content-Type", "application/json"}, {"User-Agent", "bench"}});
  std::vector<testing::HttpClient> clients;
  for (int i = 0; i < connections; ++i)
    clients.push_back(*testing::HttpClient::Connect((*server)->port()));
  const double process_before = ProcessCpuSeconds(), client_before = ThreadCpuSeconds();
  const absl::Time start = absl::Now(), end = start + absl::Seconds(seconds);
  uint64_t done = 0;
  while (absl::Now() < end) {
    for (auto& client : clients) {
      if (!client.SendRaw(text).ok()) return 1;
    }
    for (auto& client : clients) {
      if (!client.Read().ok()) return 1;
      ++done;
    }
  }
  const double wall = absl::ToDoubleSeconds(absl::Now() - start);
  const double client_cpu = ThreadCpuSeconds() - client_before;
  const double server_cpu = ProcessCpuSeconds() - process_before - client_cpu;
  fmt::print(
      "{} connections: {:.0f} requests/s, server {:.1f} us CPU/request, client {:.1f} us "
      "CPU/request\n",
      connections, done / wall, server_cpu / done * 1e6, client_cpu / done * 1e6);
  return 0;
}

}  // namespace
}  // namespace penstock::http

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  for (int connections : {1, 16, 64, 256}) {
    if (int failed = penstock::http::Run(seconds, connections)) return failed;
  }
  return 0;
}
