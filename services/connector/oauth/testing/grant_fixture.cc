#include "services/connector/oauth/testing/grant_fixture.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "libs/testing/check.h"

namespace penstock::connector::testing {
namespace {

using penstock::testing::Check;
using postgres::Connection;
using postgres::Role;
using postgres::RunInTransaction;
using postgres::Scope;

std::string MakeDirectory() {
  char path[] = "/tmp/spool-XXXXXX";
  if (mkdtemp(path) == nullptr) penstock::testing::Fail("make a directory", path);
  return path;
}

std::vector<std::string> Column(Connection& connection, const std::string& sql) {
  const postgres::Result rows = Check(connection.Execute({"column", sql.c_str()}), "query");
  std::vector<std::string> texts;
  for (int r = 0; r < rows.rows(); ++r) texts.push_back(rows.Get<std::string>(r, 0));
  return texts;
}

}  // namespace

GrantFixture::GrantFixture()
    : tenant(penstock::testing::CreateTenant(database)),
      connector(Uuid::MakeV7(clock.Now())),
      spool_directory(MakeDirectory()),
      superuser_(database.ConnectAsSuperuser()) {
  std::signal(SIGPIPE, SIG_IGN);
  Execute(
      fmt::format("INSERT INTO connector.integration_connectors (tenant_id, connector_id, "
                  "connector_name, display_name, service_name, connector_type, "
                  "auth_type, base_url) VALUES ('{}', '{}', 'acme', 'Acme', 'acme', 'oauth', "
                  "'oauth2', 'https://api.example')",
                  tenant.tenant.ToString(), connector.ToString()));
  kit_ = MakeKit();
  PutClientSecret(secret_field::kClientSecret, ServerSwitches().client_secret);
}

GrantFixture::~GrantFixture() {
  kit_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(spool_directory, ignored);
}

std::unique_ptr<RefresherKit> GrantFixture::MakeKit(RefreshOptions options) {
  return std::make_unique<RefresherKit>(database.Conninfo(Role::kServer), spool_directory, clock,
                                        std::move(options));
}

void GrantFixture::Execute(const std::string& sql) { Check(superuser_->ExecuteScript(sql), sql); }

int64_t GrantFixture::Count(const std::string& sql) {
  return Check(superuser_->Execute({"count", sql.c_str()}), sql).Get<int64_t>(0, 0);
}

void GrantFixture::PutClientSecret(std::string_view field, std::string_view value) {
  Check(kit_->credentials.Prepare(tenant.tenant), "prepare");
  Check(RunInTransaction(*kit_->pool, Scope{.tenant = tenant.tenant},
                         [&](Connection& connection) {
                           std::map<std::string, crypto::Secret> values;
                           values[std::string(field)] = crypto::Secret(value);
                           return kit_->credentials.Put(
                               connection, {tenant.tenant, OwnerKind::kConnector, connector},
                               std::move(values));
                         }),
        "put a client secret");
}

GrantId GrantFixture::AddPendingGrant(std::string_view more,
                                      const std::vector<std::string>& scopes) {
  const Grant grant{.id = GrantId::Make(clock.Now()),
                    .tenant = tenant.tenant,
                    .connector = connector,
                    .display_name = "Acme",
                    .config = server.ConnectorConfig(more),
                    .scopes_requested = scopes};
  Execute(
      fmt::format("UPDATE connector.integration_connectors SET auth_config = '{}'", grant.config));
  Check(RunInTransaction(
            *kit_->pool, Scope{.tenant = tenant.tenant},
            [&](Connection& connection) { return storage::InsertGrant(connection, grant, {}); }),
        "add a grant");
  return grant.id;
}

GrantId GrantFixture::AddGrant(std::string_view more) {
  const GrantId id = AddPendingGrant(more);
  const IssuedTokens tokens = server.Issue({"read"});
  TokenWriter writer(*kit_->pool, kit_->credentials);
  TokenWriter::Authorized authorized{.tenant = tenant.tenant, .grant = id, .sent_at = clock.Now()};
  authorized.answer.access_token = crypto::Secret(tokens.access_token);
  authorized.answer.refresh_token = crypto::Secret(tokens.refresh_token);
  authorized.answer.expires_in = absl::Hours(1);
  Check(writer.StoreAuthorized(authorized, 0).status(), "authorize a grant");
  return id;
}

void GrantFixture::MakeDue(GrantId id, Token token) {
  Execute(
      fmt::format("UPDATE connector.oauth_grants SET refresh_at = now() - interval '1 s', "
                  "access_expires_at = now() {} interval '5 min', "
                  "refreshed_at = now() - interval '1 h' WHERE grant_id = '{}'",
                  token == Token::kGood ? "+" : "-", id.ToString()));
}

void GrantFixture::EndWaits(GrantId id) {
  Execute(
      fmt::format("UPDATE connector.oauth_grants SET lease_until = CASE WHEN lease_owner IS NOT "
                  "NULL THEN now() - interval '1 s' END, "
                  "retry_at = NULL WHERE grant_id = '{}'",
                  id.ToString()));
}

absl::StatusOr<AccessToken> GrantFixture::Get(GrantId id, absl::Duration patience) {
  return refresher().Get(UseOf(tenant.tenant, id), clock.Now() + patience);
}

Grant GrantFixture::Load(GrantId id) {
  return Check(postgres::RunInTransactionReturning<Grant>(
                   *kit_->pool, Scope{.tenant = tenant.tenant},
                   [&](Connection& connection) {
                     return storage::LoadGrant(connection, tenant.tenant, id,
                                               storage::GrantLock::kNone);
                   }),
               "load a grant");
}

std::string GrantFixture::Secret(GrantId id, std::string_view field) {
  Use use = UseOf(tenant.tenant, id);
  use.optional_fields = {std::string(field)};
  const Opened opened = Check(kit_->credentials.Open(use, clock.Now() + absl::Seconds(20)), "open");
  const crypto::Secret* value = opened.credentials.Find(field);
  return value == nullptr ? "" : std::string(value->Reveal());
}

std::vector<std::string> GrantFixture::Journal(GrantId id) {
  return Column(*superuser_, fmt::format("SELECT state || CASE WHEN class = '' THEN '' ELSE ':' || "
                                         "class END FROM connector.refresh_attempts "
                                         "WHERE grant_id = '{}' ORDER BY attempt_id",
                                         id.ToString()));
}

std::vector<std::string> GrantFixture::Changes(GrantId id) {
  return Column(
      *superuser_,
      fmt::format("SELECT from_state || '>' || to_state || CASE WHEN reason = '' THEN '' ELSE ':' "
                  "|| reason END "
                  "FROM connector.oauth_grant_changes WHERE grant_id = '{}' ORDER BY change_id",
                  id.ToString()));
}

}  // namespace penstock::connector::testing
