// A Refresher with everything under it, on a real database and real HTTP, as one process has it.
#pragma once

#include <memory>
#include <string>

#include "libs/clock/clock.h"
#include "libs/egress/client.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/testing/credential_fixture.h"
#include "services/connector/oauth/refresher.h"
#include "services/connector/outbound/blocking_client.h"

namespace penstock::connector::testing {

class RefresherKit {
 public:
  // `clock` outlives it. The holder's name, when empty, is the process's id.
  RefresherKit(const std::string& conninfo, const std::string& spool_directory, const Clock& clock,
               RefreshOptions options = {});

  std::unique_ptr<postgres::Pool> pool;
  RootKeyring roots;
  absl::Status checked;
  TenantKeys keys;
  UseRecorder recorder;
  CredentialStore credentials;
  std::unique_ptr<egress::HttpClient> http;
  BlockingClient sender;
  TokenSpool spool;
  metrics::Registry registry;
  RefreshMeasures measures;
  Refresher refresher;
};

// A use of `grant` by nobody in particular, for api.example.
Use UseOf(TenantId tenant, GrantId grant);

}  // namespace penstock::connector::testing
