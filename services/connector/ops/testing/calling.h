// All it takes to call third parties on loopback, as one replica has it: real storage, real HTTP.
#pragma once

#include <memory>

#include "libs/clock/clock.h"
#include "libs/egress/client.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/connector/auth/registry.h"
#include "services/connector/credentials/credential_store.h"
#include "services/connector/ops/connector_calls.h"
#include "services/connector/outbound/blocking_client.h"
#include "services/connector/outbound/caller.h"
#include "services/connector/providers/catalogue.h"

namespace penstock::connector::testing {

// The system's time and a little more, as a test says.
class ShiftedClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now() + shift; }
  absl::Duration shift = absl::ZeroDuration();
};

// Lets every call through.
class OpenGate final : public RateGate {
 public:
  absl::StatusOr<absl::Duration> Take(const ConnectorKey&, const std::optional<RateLimit>&,
                                      absl::Duration) override {
    return absl::ZeroDuration();
  }
  void Block(const ConnectorKey&, absl::Duration) override {}
};

// Where no connector has a grant.
class NoTokens final : public GrantTokens {
 public:
  absl::StatusOr<GrantToken> Get(TenantId, GrantId, const Use&, absl::Time) override {
    return absl::UnimplementedError("there are no grants here");
  }
  absl::Status Refused(TenantId, GrantId, int64_t) override {
    return absl::UnimplementedError("there are no grants here");
  }
  void Proven(TenantId, GrantId, int64_t) override {}
};

struct Calling {
  // All outlive it. `at_once`: calls of one connector.
  Calling(postgres::Pool& pool, CredentialStore& store, GrantTokens& tokens, const Clock& clock,
          int at_once = 4);

  AuthStrategies strategies;
  Catalogue catalogue;
  ProviderContext providers;
  ConnectorContext connectors;
  KnownConnectors known;
  KnownWorkflows workflows;
  CallHealth health;
  std::unique_ptr<egress::HttpClient> http;
  BlockingClient sender;
  OpenGate gate;
  metrics::Registry registry;
  CallMetrics metrics;
  Caller caller;
  CallingContext context;
};

}  // namespace penstock::connector::testing
