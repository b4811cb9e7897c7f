// interfaces-service as a whole in this process: the real App on a real database, in front of a
// fake engine.
#pragma once

#include <memory>
#include <string>

#include "libs/auth/role.h"
#include "libs/clock/clock.h"
#include "libs/testing/http_client.h"
#include "libs/testing/postgres.h"
#include "penstock/interfaces/v1/webhook.grpc.pb.h"
#include "services/interfaces/app.h"
#include "services/interfaces/testing/fake_engine.h"

namespace penstock::interfaces::testing {

class ServiceFixture {
 public:
  // Has the tenants "acme" (no limit of its own) and "slow" (2 a second).
  ServiceFixture();
  ~ServiceFixture();

  // Starts the service, or starts it again with what was changed in `config`.
  void Start();
  void AwaitReady();

  TenantId AddTenant(const std::string& slug, const std::string& rate_limit = "NULL");
  // The text of a new key.
  std::string AddApiKey(TenantId tenant, auth::Role role);

  penstock::testing::HttpClient Connect() const;
  // One webhook for acme on a connection of its own.
  penstock::testing::HttpResponse Send(
      const std::string& body, const penstock::testing::HttpClient::Headers& headers = {},
      const std::string& path = "/webhooks/acme/webhook/test") const;

  std::unique_ptr<v1::WebhookService::Stub> Stub() const;

  penstock::testing::TestDatabase database;
  std::unique_ptr<FakeEngine> engine = std::make_unique<FakeEngine>();
  RealClock clock;
  Config config;
  TenantId acme, slow;
  std::unique_ptr<App> app;

 private:
  std::string token_directory_;
};

}  // namespace penstock::interfaces::testing
