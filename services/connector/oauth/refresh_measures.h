// Counts what becomes of token requests. By class and outcome, never by tenant or grant.
#pragma once

#include <string_view>

#include "libs/metrics/metrics.h"
#include "services/connector/oauth/failure_class.h"

namespace penstock::connector {

class RefreshMeasures {
 public:
  explicit RefreshMeasures(metrics::Registry& registry) : registry_(registry) {}

  void Sent() { Count("penstock_token_requests_total", "Token requests sent.", {}); }
  void Failed(FailureClass failure) {
    Count("penstock_token_failures_total", "Token requests that brought no token, by class.",
          {{"class", std::string(FailureClassName(failure))}});
  }
  // "stored", "candidate", "obsolete", "spooled", "promoted", "replayed".
  void Kept(std::string_view how) {
    Count("penstock_token_answers_total", "Tokens that came, by what was done with them.",
          {{"outcome", std::string(how)}});
  }

 private:
  void Count(const std::string& name, const std::string& help, const metrics::Labels& labels) {
    registry_.Counter(name, help, labels).Increment();
  }
  metrics::Registry& registry_;
};

}  // namespace penstock::connector
