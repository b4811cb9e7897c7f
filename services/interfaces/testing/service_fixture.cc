#include "services/interfaces/testing/service_fixture.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "libs/auth/api_key.h"
#include "libs/auth/testing_token_keys.h"
#include "libs/crypto/encoding.h"
#include "libs/testing/check.h"

namespace penstock::interfaces::testing {

using penstock::testing::Check;
using penstock::testing::Fail;
using penstock::testing::HttpClient;
using penstock::testing::HttpResponse;

ServiceFixture::ServiceFixture() {
  acme = AddTenant("acme");
  slow = AddTenant("slow", "2");
  config.http.address = "127.0.0.1:0";
  config.grpc.address = "127.0.0.1:0";
  config.admin_address = "127.0.0.1:0";
  config.server_pool.conninfo = database.Conninfo(postgres::Role::kServer);
  config.service_key = std::make_shared<const crypto::Secret>(std::string(64, 'k'));
  char token_path[] = "/tmp/penstock-tokens-XXXXXX";
  if (mkdtemp(token_path) == nullptr) Fail("make a directory for token keys", token_path);
  token_directory_ = token_path;
  config.token_key_dir = token_directory_ + "/known";
  config.token_signing_key_dir = token_directory_ + "/signing";
  auth::WriteTokenKeys(config.token_key_dir, config.token_signing_key_dir);
  config.engine.address = engine->address();
  config.connectors.address = "127.0.0.1:1";  // nobody is there, and nothing minds
  config.scheduler.address = "127.0.0.1:1";
  config.drain = absl::Seconds(20);
}

ServiceFixture::~ServiceFixture() {
  app.reset();
  std::filesystem::remove_all(token_directory_);
}

void ServiceFixture::Start() {
  app.reset();
  app = Check(App::Create(config, clock), "start the service");
}

void ServiceFixture::AwaitReady() {
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (!app->readiness().ready() && absl::Now() < end) usleep(1000);
  if (!app->readiness().ready()) Fail("become ready", app->readiness().unmet().front().reason);
}

TenantId ServiceFixture::AddTenant(const std::string& slug, const std::string& rate_limit) {
  const TenantId id = TenantId::Make(absl::Now());
  auto admin = database.Connect(postgres::Role::kAdmin);
  Check(admin->ExecuteScript(
            fmt::format("INSERT INTO tenancy.tenants (tenant_id, slug, name, webhook_rate_limit) "
                        "VALUES ('{}', '{}', '{}', {})",
                        id.ToString(), slug, slug, rate_limit)),
        "add a tenant");
  return id;
}

std::string ServiceFixture::AddApiKey(TenantId tenant, auth::Role role) {
  const auth::NewApiKey key = auth::MakeApiKey(auth::ApiKeyMode::kTest);
  auto admin = database.Connect(postgres::Role::kAdmin);
  Check(admin->ExecuteScript(fmt::format(
            "INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash, role) "
            "VALUES ('{}', '{}', 'test', '{}', '\\x{}', '{}')",
            tenant.ToString(), ApiKeyId::Make(absl::Now()).ToString(), key.prefix,
            crypto::HexEncode(key.hash), auth::RoleName(role))),
        "add a key");
  return key.text;
}

HttpClient ServiceFixture::Connect() const {
  return Check(HttpClient::Connect(app->http_port()), "connect");
}

HttpResponse ServiceFixture::Send(const std::string& body, const HttpClient::Headers& headers,
                                  const std::string& path) const {
  HttpClient client = Connect();
  return Check(client.Call("POST", path, body, headers), "send a webhook");
}

std::unique_ptr<v1::WebhookService::Stub> ServiceFixture::Stub() const {
  return v1::WebhookService::NewStub(grpc::CreateChannel(
      fmt::format("127.0.0.1:{}", app->grpc_port()), grpc::InsecureChannelCredentials()));
}

}  // namespace penstock::interfaces::testing
