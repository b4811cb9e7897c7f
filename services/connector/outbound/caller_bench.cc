// What a call costs over plain libcurl, against the same server on loopback in the same run: time
// of one call (p50, p99) and calls/s, with 1 and 32 under way. Medians of the rounds, which
// alternate. The rate gate is open: what the database adds is the shared_rate_gate's. caller_bench
// [seconds a round] [rounds]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "libs/curl/easy.h"
#include "libs/egress/client.h"
#include "libs/egress/testing/script_server.h"
#include "libs/metrics/metrics.h"
#include "services/connector/outbound/blocking_client.h"
#include "services/connector/outbound/caller.h"

namespace penstock::connector {
namespace {

const RealClock kClock;
constexpr char kBody[] = R"({"ok": true, "items": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]})";

class OpenGate final : public RateGate {
 public:
  absl::StatusOr<absl::Duration> Take(const ConnectorKey&, const std::optional<RateLimit>&,
                                      absl::Duration) override {
    return absl::ZeroDuration();
  }
  void Block(const ConnectorKey&, absl::Duration) override {}
};

// One way to make a call; each thread has a function of its own.
using Call = std::function<void()>;
using MakeCall = std::function<Call()>;

struct Figures {
  double p50_us, p99_us, calls_per_second;
};

Figures Measure(const MakeCall& make_call, int threads, absl::Duration duration) {
  std::vector<std::vector<double>> times(threads);
  std::vector<std::thread> workers;
  const absl::Time start = kClock.Now();
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&, i] {
      const Call call = make_call();
      call();  // connects
      while (kClock.Now() < start + duration) {
        const absl::Time before = kClock.Now();
        call();
        times[i].push_back(absl::ToDoubleMicroseconds(kClock.Now() - before));
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  const double seconds = absl::ToDoubleSeconds(kClock.Now() - start);
  std::vector<double> all;
  for (const auto& one : times) all.insert(all.end(), one.begin(), one.end());
  if (all.empty()) std::abort();
  std::ranges::sort(all);
  return {all[all.size() / 2], all[all.size() * 99 / 100], all.size() / seconds};
}

size_t CountBytes(char*, size_t size, size_t count, void*) { return size * count; }

Call PlainCurl(const std::string& url) {
  std::shared_ptr<CURL> easy(curl::NewEasy().release(), curl_easy_cleanup);
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, CountBytes);
  return [easy] {
    if (curl_easy_perform(easy.get()) != CURLE_OK) std::abort();
  };
}

struct Subject {
  const char* name;
  MakeCall make_call;
  std::vector<Figures> rounds;
};

double Median(const std::vector<Figures>& rounds, double Figures::*member) {
  std::vector<double> values;
  for (const Figures& figures : rounds) values.push_back(figures.*member);
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void Compare(std::vector<Subject> subjects, int threads, absl::Duration duration, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (Subject& subject : subjects) {
      subject.rounds.push_back(Measure(subject.make_call, threads, duration));
    }
  }
  for (const Subject& subject : subjects) {
    fmt::print("{:>2} under way  {:<16} p50 {:>7.0f} us  p99 {:>7.0f} us  {:>7.0f} calls/s\n",
               threads, subject.name, Median(subject.rounds, &Figures::p50_us),
               Median(subject.rounds, &Figures::p99_us),
               Median(subject.rounds, &Figures::calls_per_second));
  }
  std::fflush(stdout);
}

void Run(absl::Duration duration, int rounds) {
  egress::ScriptServer server([](egress::Peer& peer) {
    while (peer.Read()) peer.Respond(200, kBody, "Content-Type: application/json\r\n");
  });
  auto http =
      egress::HttpClient::Create(
          egress::Guard::Create("127.0.0.1:1-65535", egress::PlainHttp::kAllowed).value(), kClock)
          .value();
  BlockingClient sender(*http, kClock);
  OpenGate gate;
  metrics::Registry registry;
  CallMetrics metrics(registry, {});
  Caller caller({.http = sender,
                 .rate_gate = gate,
                 .clock = kClock,
                 .metrics = metrics,
                 .jitter = [] { return 0.5; },
                 .sleep = SleepInRealTime},
                {.max_calls_per_connector = 64, .breaker = {}});
  const Target target = Target::Create(server.url(""), {}).value();
  const std::string token = "0123456789abcdef0123456789abcdef";
  const MakeCall through_caller = [&]() -> Call {
    return [&] {
      CallPlan plan{.target = target,
                    .request = target.Build({.resource_path = "x"}).value(),
                    .idempotent = true};
      plan.authenticate = [&](egress::HttpRequest& request, int) {
        request.headers.emplace_back("Authorization", "Bearer " + token);
        return absl::OkStatus();
      };
      plan.secrets = [&] { return std::vector<std::string_view>{token}; };
      if (!caller.Call(plan, kClock.Now() + absl::Seconds(30)).ok()) std::abort();
    };
  };
  const MakeCall through_egress = [&]() -> Call {
    return [&] {
      const auto result = sender.Send({.method = "GET", .url = server.url("/x")},
                                      kClock.Now() + absl::Seconds(30), nullptr);
      if (!std::holds_alternative<egress::HttpResponse>(result)) std::abort();
    };
  };
  const MakeCall plain = [&] { return PlainCurl(server.url("/x")); };
  for (const int threads : {1, 32}) {
    Compare({{"plain libcurl", plain, {}},
             {"egress, blocking", through_egress, {}},
             {"Caller", through_caller, {}}},
            threads, duration, rounds);
  }
}

}  // namespace
}  // namespace penstock::connector

int main(int argc, char** argv) {
  if (!penstock::curl::Initialize()) return 1;
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  penstock::connector::Run(absl::Seconds(seconds), rounds);
}
