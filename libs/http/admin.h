// The admin endpoint that every service has on a port of its own: /metrics for Prometheus, /healthz
// (the process lives) and /readyz (it should get work) for whoever runs it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/config/setting.h"
#include "libs/http/server.h"
#include "libs/lifecycle/readiness.h"
#include "libs/metrics/metrics.h"

namespace penstock::http {

// PENSTOCK_ADMIN_ADDRESS.
config::Declarations DeclareAdminSettings(const std::string& default_address);

// Serves until destroyed; `registry` and `readiness` outlive it.
absl::StatusOr<std::unique_ptr<Server>> StartAdmin(const std::string& address,
                                                   const metrics::Registry& registry,
                                                   const lifecycle::Readiness& readiness);

// {"status":"ready"}, or 503 with the conditions that are unmet and why.
Response ReadinessResponse(const lifecycle::Readiness& readiness);

// Exports penstock_http_* of a server, labelled with its name, while the handle lives. The server
// outlives it.
[[nodiscard]] metrics::Registry::CollectorHandle ExportServerStats(metrics::Registry& registry,
                                                                   const Server& server,
                                                                   const std::string& name);

}  // namespace penstock::http
