// Tenants are made and removed by durable workflows: whole or not at all, whatever dies on the way.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/postgres/connection.h"
#include "libs/testing/check.h"
#include "penstock/tenancy/v1/auth.grpc.pb.h"
#include "penstock/tenancy/v1/tenant_admin.grpc.pb.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

using nlohmann::json;
using tenancy::v1::TenantAdminService;
using tenancy::v1::TenantOperation;
using testing::Check;

class Platform {
 public:
  explicit Platform(Deployment& penstock)
      : penstock_(penstock),
        operator_(Must(penstock.NewCaller("platform", "admin"))),
        tenants_(TenantAdminService::NewStub(operator_->interfaces_channel())) {}

  static tenancy::v1::CreateTenantRequest Request(const std::string& slug) {
    tenancy::v1::CreateTenantRequest request;
    request.set_tenant_name("The " + slug);
    request.set_slug(slug);
    request.mutable_admin_user()->set_first_name("Ada");
    request.mutable_admin_user()->set_last_name("Lovelace");
    request.mutable_admin_user()->set_email("ada@" + slug + ".example");
    request.set_company_name("Engines Ltd");
    request.set_idempotency_key("key-" + slug);
    return request;
  }

  absl::StatusOr<TenantOperation> Create(const tenancy::v1::CreateTenantRequest& request) {
    return operator_->Call(&TenantAdminService::Stub::CreateTenant, *tenants_, request);
  }
  absl::StatusOr<TenantOperation> Get(const std::string& id) {
    tenancy::v1::GetTenantOperationRequest request;
    request.set_id(id);
    return operator_->Call(&TenantAdminService::Stub::GetTenantOperation, *tenants_, request);
  }
  absl::StatusOr<TenantOperation> Cancel(const std::string& id) {
    tenancy::v1::CancelTenantOperationRequest request;
    request.set_id(id);
    request.set_reason("changed our mind");
    return operator_->Call(&TenantAdminService::Stub::CancelTenantOperation, *tenants_, request);
  }
  absl::StatusOr<TenantOperation> Delete(const std::string& tenant, const std::string& slug,
                                         tenancy::v1::DeletionDelay delay) {
    tenancy::v1::DeleteTenantRequest request;
    request.set_tenant_id(tenant);
    request.set_confirmation(slug);
    request.set_delay(delay);
    return operator_->Call(&TenantAdminService::Stub::DeleteTenant, *tenants_, request);
  }
  TenantOperation AwaitDone(const std::string& id) {
    const absl::Time begin = absl::Now();
    while (absl::Now() - begin < absl::Seconds(90)) {
      auto operation = Get(id);
      if (operation.ok() && operation->done()) return *operation;
    }
    FAIL("operation " << id << " does not end: " << Must(Get(id)).ShortDebugString());
    return {};
  }

  // Rows of the tenant in each table of the catalogue that has any; the record of the lifecycle is
  // meant to stay.
  std::map<std::string, int64_t> RowsOf(const std::string& tenant) {
    constexpr postgres::Statement kTables{"tables", R"sql(
      SELECT c.oid::regclass::text FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('tenancy', 'workflow')
        AND c.relname <> 'tenant_lifecycles')sql"};
    auto database =
        Check(postgres::Connection::Open(penstock_.DatabaseConninfo(), absl::Seconds(10)), "open");
    postgres::Result tables = Check(database->Execute(kTables), "tables");
    std::map<std::string, int64_t> rows;
    for (int t = 0; t < tables.rows(); ++t) {
      const std::string name = tables.Get<std::string>(t, 0);
      const std::string sql = "SELECT count(*) FROM " + name + " WHERE tenant_id = $1::uuid";
      postgres::Result count = Check(
          database->Execute({"rows", sql.c_str()}, postgres::Params().Add(tenant)), "count rows");
      if (count.Get<int64_t>(0, 0) > 0) rows[name] = count.Get<int64_t>(0, 0);
    }
    return rows;
  }

  // The mails to an address, newest last.
  std::vector<std::string> MailsTo(const std::string& address) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(penstock_.mail_directory())) {
      files.push_back(file.path());
    }
    std::ranges::sort(files, {}, [](const auto& file) { return last_write_time(file); });
    std::vector<std::string> mails;
    for (const auto& file : files) {
      std::ostringstream text;
      text << std::ifstream(file).rdbuf();
      if (text.str().find(address) != std::string::npos) mails.push_back(text.str());
    }
    return mails;
  }

  // As the owner does with the temporary password.
  absl::Status ChoosePassword(const std::string& slug, const std::string& temporary) {
    auto stub = tenancy::v1::AuthService::NewStub(operator_->interfaces_channel());
    tenancy::v1::ChangePasswordRequest request;
    request.set_tenant(slug);
    request.set_email("ada@" + slug + ".example");
    request.set_current_password(temporary);
    request.set_new_password("correct horse battery staple");
    return operator_->Call(&tenancy::v1::AuthService::Stub::ChangePassword, *stub, request)
        .status();
  }
  absl::Status LogIn(const std::string& slug) {
    auto stub = tenancy::v1::AuthService::NewStub(operator_->interfaces_channel());
    tenancy::v1::LoginRequest request;
    request.set_tenant(slug);
    request.set_email("ada@" + slug + ".example");
    request.set_password("correct horse battery staple");
    return operator_->Call(&tenancy::v1::AuthService::Stub::Login, *stub, request).status();
  }

  Clients& caller() { return *operator_; }

 private:
  Deployment& penstock_;
  std::unique_ptr<Clients> operator_;
  std::unique_ptr<TenantAdminService::Stub> tenants_;
};

bool IsWhole(const std::map<std::string, int64_t>& rows) {
  for (const char* table : {"tenancy.tenants", "tenancy.users", "tenancy.user_roles",
                            "tenancy.projects", "workflow.task_queues", "tenancy.tenant_settings",
                            "tenancy.companies", "tenancy.tenant_companies"}) {
    auto found = rows.find(table);
    if (found == rows.end() || found->second != 1) return false;
  }
  return true;
}

// What a caller tries again, with the same key.
bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsUnknown(status) || absl::IsAborted(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status);
}

std::string PasswordIn(const std::string& mail) {
  const size_t at = mail.find("password:");
  REQUIRE(at != std::string::npos);
  std::istringstream words(mail.substr(at + 9));
  std::string password;
  words >> password;
  return password;
}

TEST_CASE(
    "a tenant is made whole, its owner signs in with the password of the mail, and the key makes "
    "it once") {
  Deployment& penstock = SharedDeployment();
  Platform platform(penstock);
  const TenantOperation begun = Must(platform.Create(Platform::Request("acme")));
  const TenantOperation done = platform.AwaitDone(begun.id());
  CHECK(done.status() == "completed");
  CHECK(done.progress() == 100);
  CHECK(done.welcome_email_sent());
  CHECK(IsWhole(platform.RowsOf(done.tenant_id())));
  CHECK(Must(platform.Create(Platform::Request("acme"))).id() == begun.id());
  CHECK(absl::IsAlreadyExists([&] {
    auto other = Platform::Request("acme");
    other.set_tenant_name("Another");
    return platform.Create(other).status();
  }()));

  const std::vector<std::string> mails = platform.MailsTo("ada@acme.example");
  REQUIRE(mails.size() == 1);
  CHECK_FALSE(platform.LogIn("acme").ok());
  CHECK(absl::IsUnauthenticated(platform.ChoosePassword("acme", "not the password")));
  CHECK(platform.ChoosePassword("acme", PasswordIn(mails[0])).ok());
  CHECK(platform.LogIn("acme").ok());

  // The platform sees the operation as an execution of its own, and can ask it.
  workflow::v1::QueryExecutionRequest query;
  query.set_id(begun.id());
  query.set_name("getState");
  const auto state = Must(platform.caller().Call(&ExecutionService::Stub::QueryExecution,
                                                 platform.caller().executions(), query));
  CHECK(ToJson(state.result())["status"] == "completed");
  CHECK(ToJson(state.result())["tenantId"] == done.tenant_id());
}

TEST_CASE("the temporary password is in the mail and nowhere else") {
  Deployment& penstock = SharedDeployment();
  Platform platform(penstock);
  const std::string id = Must(platform.Create(Platform::Request("discreet"))).id();
  platform.AwaitDone(id);
  const std::string password = PasswordIn(platform.MailsTo("ada@discreet.example").back());
  REQUIRE(password.size() >= 12);
  CHECK(ToJson(Must(Get(platform.caller(), id))).dump().find(password) == std::string::npos);
  for (const auto& file : std::filesystem::directory_iterator(penstock.directory())) {
    if (!file.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    INFO(file.path());
    CHECK(text.str().find(password) == std::string::npos);
  }
}

TEST_CASE("a slug that is taken fails the operation at once and leaves nothing") {
  Platform platform(SharedDeployment());
  platform.AwaitDone(Must(platform.Create(Platform::Request("taken"))).id());
  auto again = Platform::Request("taken");
  again.set_idempotency_key("another key");
  const TenantOperation done = platform.AwaitDone(Must(platform.Create(again)).id());
  CHECK(done.status() == "failed");
  CHECK(done.error_type() == "ALREADY_EXISTS");
  CHECK(platform.RowsOf(done.tenant_id()).empty());
}

TEST_CASE("what is asked for wrongly is refused with every field, and by who may not ask") {
  Platform platform(SharedDeployment());
  const absl::Status status = platform.Create({}).status();
  CHECK(absl::IsInvalidArgument(status));
  auto owner = Must(SharedDeployment().NewCaller("test-client", "owner"));
  auto stub = TenantAdminService::NewStub(owner->interfaces_channel());
  CHECK(absl::IsPermissionDenied(
      owner->Call(&TenantAdminService::Stub::CreateTenant, *stub, Platform::Request("mine"))
          .status()));
}

TEST_CASE("nobody starts or changes the platform's workflows but by the calls that are for it") {
  Deployment& penstock = SharedDeployment();
  Platform platform(penstock);
  auto owner = Must(penstock.NewCaller("platform", "owner"));
  const std::string removal = kDeleteTenantWorkflow.ToString();
  CHECK(absl::IsPermissionDenied(
      Start(*owner, removal, {{"tenantId", removal}}, workflow::v1::WAIT_MODE_NONE).status()));
  workflow::v1::ArchiveWorkflowRequest archive;
  archive.set_id(removal);
  CHECK(absl::IsFailedPrecondition(
      owner->Call(&WorkflowService::Stub::ArchiveWorkflow, owner->workflows(), archive).status()));
  const std::string url =
      fmt::format("http://127.0.0.1:{}/webhooks/platform/manual/", penstock.http_port());
  CHECK(Must(harness::PostJson(url, "{}")).status == 404);
  CHECK(absl::IsFailedPrecondition(
      platform.Delete(kPlatformTenant.ToString(), "platform", tenancy::v1::DELETION_DELAY_IMMEDIATE)
          .status()));
}

TEST_CASE("a manual trigger is no webhook's, whatever the URL") {
  Deployment& penstock = SharedDeployment();
  json trigger = WebhookTrigger("by-hand");
  trigger["config"]["triggerType"] = "manual";
  Clients& clients = penstock.clients();
  workflow::v1::ListExecutionsRequest started;
  started.set_workflow_id(Publish(clients, Chain({trigger})));
  const auto reply = Must(harness::PostJson(penstock.WebhookUrl("by-hand", "manual"), "{}"));
  CHECK(reply.status == 200);  // as for a name that nobody listens to
  CHECK(Must(clients.Call(&ExecutionService::Stub::ListExecutions, clients.executions(), started))
            .executions_size() == 0);
}

TEST_CASE("a tenant that is removed is gone from every table, with what it ran") {
  // Its rows go when the last access token has gone.
  auto deployment =
      Must(Deployment::Start({.interfaces_settings = {{"PENSTOCK_ACCESS_TOKEN_LIFETIME", "1s"}}}));
  Deployment& penstock = *deployment;
  Platform platform(penstock);
  const std::string tenant =
      platform.AwaitDone(Must(platform.Create(Platform::Request("leaving"))).id()).tenant_id();
  auto owner = Must(penstock.NewCaller("leaving", "owner"));
  const std::string waits =
      Publish(*owner, Chain({WebhookTrigger("w"), Node("wait", "wait", {{"duration", "1h"}})}));
  const std::string done =
      Publish(*owner, Chain({WebhookTrigger("d"), Node("f", "function", {{"code", "return 1;"}})}));
  for (int i = 0; i < 20; ++i) {
    Must(Start(*owner, waits, {}, workflow::v1::WAIT_MODE_NONE, fmt::format("w{}", i)));
    Must(Start(*owner, done, {}, workflow::v1::WAIT_MODE_COMPLETED));
  }
  CHECK(absl::IsInvalidArgument(
      platform.Delete(tenant, "wrong", tenancy::v1::DELETION_DELAY_IMMEDIATE).status()));
  const TenantOperation removed = platform.AwaitDone(
      Must(platform.Delete(tenant, "leaving", tenancy::v1::DELETION_DELAY_IMMEDIATE)).id());
  CHECK(removed.status() == "completed");
  CHECK(removed.tenant_id() == tenant);
  CHECK(platform.RowsOf(tenant) == std::map<std::string, int64_t>{});
  CHECK(absl::IsNotFound(
      platform.Delete(tenant, "leaving", tenancy::v1::DELETION_DELAY_IMMEDIATE).status()));
  // The name is free again.
  auto again = Platform::Request("leaving");
  again.set_idempotency_key("second life");
  CHECK(platform.AwaitDone(Must(platform.Create(again)).id()).status() == "completed");
}

TEST_CASE("a removal that waits shuts the tenant's doors, and can be taken back") {
  Deployment& penstock = SharedDeployment();
  Platform platform(penstock);
  const std::string tenant =
      platform.AwaitDone(Must(platform.Create(Platform::Request("staying"))).id()).tenant_id();
  Must(platform.ChoosePassword("staying",
                               PasswordIn(platform.MailsTo("ada@staying.example").back())));
  CHECK(platform.LogIn("staying").ok());
  const std::string removal =
      Must(platform.Delete(tenant, "staying", tenancy::v1::DELETION_DELAY_30_DAYS)).id();
  while (Must(platform.Get(removal)).status() != "waiting") {
  }
  CHECK(absl::IsUnauthenticated(platform.LogIn("staying")));
  CHECK(absl::IsFailedPrecondition(
      platform.Delete(tenant, "staying", tenancy::v1::DELETION_DELAY_IMMEDIATE).status()));
  Must(platform.Cancel(removal));
  const TenantOperation back = platform.AwaitDone(removal);
  CHECK(back.status() == "cancelled");
  CHECK(platform.LogIn("staying").ok());
  CHECK(IsWhole(platform.RowsOf(tenant)));
}

TEST_CASE("whatever dies between any two steps, a tenant is whole or was never there") {
  auto penstock = Must(Deployment::Start());
  Platform platform(*penstock);
  constexpr int kRounds = 12, kTenants = 4;
  constexpr int kProgress[] = {0, 5, 20, 40, 60, 80, 100};
  std::map<std::string, std::string> operations;  // by slug
  for (int round = 0; round < kRounds; ++round) {
    std::vector<tenancy::v1::CreateTenantRequest> requests;
    for (int t = 0; t < kTenants; ++t) {
      requests.push_back(Platform::Request(fmt::format("t{}-{}", round, t)));
      auto begun = platform.Create(requests.back());
      // What was killed in the round before may still be on its way back.
      while (MayPass(begun.status())) begun = platform.Create(requests.back());
      operations[requests.back().slug()] = Must(begun).id();
    }
    // Further into the steps each time.
    const int far_enough = kProgress[round % std::size(kProgress)];
    for (auto seen = platform.Get(operations[requests[0].slug()]);
         !seen.ok() || (seen->progress() < far_enough && !seen->done());) {
      seen = platform.Get(operations[requests[0].slug()]);
    }
    if (round % 4 == 3) {
      // It may have come to its end by now.
      const absl::Status taken_back = platform.Cancel(operations[requests[0].slug()]).status();
      CHECK((taken_back.ok() || absl::IsFailedPrecondition(taken_back)));
    }
    if (round % 3 == 2) {
      penstock->postgres().Kill();
      Must(penstock->postgres().Restart());
    } else {
      auto& doomed = round % 3 == 0 ? penstock->interfaces() : penstock->engine();
      doomed.Kill();
      Must(doomed.Start());
    }
    // The answer may have been lost: the same key asks for the same tenant.
    for (const auto& request : requests) {
      auto again = platform.Create(request);
      while (MayPass(again.status())) again = platform.Create(request);
      CHECK(Must(again).id() == operations[request.slug()]);
    }
  }
  int whole = 0;
  for (const auto& [slug, id] : operations) {
    const TenantOperation done = platform.AwaitDone(id);
    const auto rows = platform.RowsOf(done.tenant_id());
    INFO(slug << ": " << done.ShortDebugString());
    if (done.status() == "completed") {
      CHECK(IsWhole(rows));
      ++whole;
    } else {
      // One that was whole before it was taken back is kept.
      CHECK((rows.empty() || IsWhole(rows)));
    }
  }
  CHECK(whole > kRounds);
}

}  // namespace
}  // namespace penstock::e2e
