#include "libs/http/admin.h"

#include "fmt/format.h"
#include "libs/http/router.h"
#include "libs/json/quote.h"

namespace penstock::http {
namespace {

// Turns a figure that only grows into increments of a counter.
class Growing {
 public:
  explicit Growing(metrics::Counter counter) : counter_(counter) {}
  void Update(uint64_t now) {
    counter_.Increment(static_cast<double>(now - std::exchange(last_, now)));
  }

 private:
  metrics::Counter counter_;
  uint64_t last_ = 0;
};

struct ServerMetrics {
  ServerMetrics(metrics::Registry& registry, const std::string& name)
      : connections(registry.Gauge("penstock_http_connections", "Connections open now.",
                                   {{"server", name}})),
        in_flight(registry.Gauge("penstock_http_requests_in_flight", "Requests being handled now.",
                                 {{"server", name}})),
        malformed(registry.Counter("penstock_http_malformed_total",
                                   "Requests refused before they were whole.", {{"server", name}})),
        overloaded(registry.Counter("penstock_http_overloaded_total",
                                    "Requests and connections refused for a limit.",
                                    {{"server", name}})),
        abandoned(registry.Counter("penstock_http_abandoned_total",
                                   "Answers whose sender had gone.", {{"server", name}})) {
    for (int i = 1; i < 6; ++i) {
      responses.emplace_back(
          registry.Counter("penstock_http_responses_total", "Responses by class of status.",
                           {{"server", name}, {"class", fmt::format("{}xx", i)}}));
    }
  }

  void Update(const ServerStats& stats) {
    connections.Set(static_cast<double>(stats.connections));
    in_flight.Set(static_cast<double>(stats.in_flight));
    malformed.Update(stats.malformed);
    overloaded.Update(stats.overloaded);
    abandoned.Update(stats.abandoned);
    for (size_t i = 0; i < responses.size(); ++i) responses[i].Update(stats.responses[i + 1]);
  }

  metrics::Gauge connections, in_flight;
  Growing malformed, overloaded, abandoned;
  std::vector<Growing> responses;
};

}  // namespace

config::Declarations DeclareAdminSettings(const std::string& default_address) {
  return {{.name = "PENSTOCK_ADMIN_ADDRESS",
           .type = config::Type::kString,
           .default_text = default_address,
           .help = "Where /metrics, /healthz and /readyz are served.",
           .unit = "host:port"}};
}

Response ReadinessResponse(const lifecycle::Readiness& readiness) {
  Response response;
  if (readiness.ready()) {
    response.body = R"({"status":"ready"})";
    return response;
  }
  response.status = 503;
  response.body = R"({"status":"not ready","unmet":{)";
  for (const auto& [condition, reason] : readiness.unmet()) {
    if (response.body.back() != '{') response.body.push_back(',');
    json::AppendQuoted(response.body, condition);
    response.body.push_back(':');
    json::AppendQuoted(response.body, reason);
  }
  response.body.append("}}");
  return response;
}

absl::StatusOr<std::unique_ptr<Server>> StartAdmin(const std::string& address,
                                                   const metrics::Registry& registry,
                                                   const lifecycle::Readiness& readiness) {
  auto router = std::make_shared<Router>();
  router->Add(Method::kGet, "/metrics", [&registry](const Request&, Responder responder) {
    Response response;
    response.body = registry.Expose();
    response.content_type = metrics::kContentType;
    responder.Send(std::move(response));
  });
  router->Add(Method::kGet, "/healthz", [](const Request&, Responder responder) {
    Response response;
    response.body = R"({"status":"alive"})";
    responder.Send(std::move(response));
  });
  router->Add(Method::kGet, "/readyz", [&readiness](const Request&, Responder responder) {
    responder.Send(ReadinessResponse(readiness));
  });
  ServerOptions options;
  options.address = address;
  options.thread_name = "admin";
  options.limits.max_connections = 100;
  options.limits.max_body_bytes = 1024;
  return Server::Create(options, [router](const Request& request, Responder responder) {
    router->Route(request, std::move(responder));
  });
}

metrics::Registry::CollectorHandle ExportServerStats(metrics::Registry& registry,
                                                     const Server& server,
                                                     const std::string& name) {
  auto figures = std::make_shared<ServerMetrics>(registry, name);
  return registry.AddCollector([figures, &server] { figures->Update(server.stats()); });
}

}  // namespace penstock::http
