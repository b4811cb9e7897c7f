// ProjectService, ApiKeyService, TenantService and AuditService over gRPC on a real database.
#include <catch2/catch.hpp>
#include <set>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/interfaces/testing/identity_fixture.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;
using penstock::testing::Check;
using testing::IdentityFixture;

struct Service : IdentityFixture {
  Service() : other(AddApiKey(slow, auth::Role::kOwner)) {}

  absl::StatusOr<v1::Project> CreateProject(const std::string& name,
                                            const std::string& credential) {
    v1::CreateProjectRequest request;
    request.mutable_project()->set_name(name);
    return Call(&v1::ProjectService::Stub::CreateProject, *projects, request, credential);
  }
  absl::StatusOr<v1::Project> GetProject(const std::string& id, const std::string& credential) {
    v1::GetProjectRequest request;
    request.set_id(id);
    return Call(&v1::ProjectService::Stub::GetProject, *projects, request, credential);
  }
  absl::Status DeleteProject(const std::string& id, const std::string& credential) {
    v1::DeleteProjectRequest request;
    request.set_id(id);
    return Call(&v1::ProjectService::Stub::DeleteProject, *projects, request, credential).status();
  }
  absl::StatusOr<v1::Project> UpdateProject(const v1::Project& project,
                                            std::vector<std::string> mask,
                                            const std::string& credential) {
    v1::UpdateProjectRequest request;
    *request.mutable_project() = project;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return Call(&v1::ProjectService::Stub::UpdateProject, *projects, request, credential);
  }
  absl::StatusOr<v1::CreateApiKeyResponse> CreateKey(const v1::ApiKey& key,
                                                     const std::string& credential) {
    v1::CreateApiKeyRequest request;
    *request.mutable_api_key() = key;
    request.mutable_api_key()->set_name("key");
    return Call(&v1::ApiKeyService::Stub::CreateApiKey, *keys, request, credential);
  }
  absl::StatusOr<v1::RotateApiKeyResponse> RotateKey(const std::string& id, int64_t overlap_seconds,
                                                     const std::string& credential) {
    v1::RotateApiKeyRequest request;
    request.set_id(id);
    request.mutable_overlap()->set_seconds(overlap_seconds);
    return Call(&v1::ApiKeyService::Stub::RotateApiKey, *keys, request, credential);
  }
  absl::StatusOr<v1::ApiKey> RevokeKey(const std::string& id, const std::string& credential) {
    v1::RevokeApiKeyRequest request;
    request.set_id(id);
    return Call(&v1::ApiKeyService::Stub::RevokeApiKey, *keys, request, credential);
  }
  absl::StatusOr<v1::Tenant> GetTenant(const std::string& id, const std::string& credential) {
    v1::GetTenantRequest request;
    request.set_id(id);
    return Call(&v1::TenantService::Stub::GetTenant, *tenants, request, credential);
  }
  absl::StatusOr<v1::Tenant> UpdateTenant(const v1::Tenant& tenant, std::vector<std::string> mask,
                                          const std::string& credential) {
    v1::UpdateTenantRequest request;
    *request.mutable_tenant() = tenant;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return Call(&v1::TenantService::Stub::UpdateTenant, *tenants, request, credential);
  }
  v1::VerifyAuditLogResponse Verify() {
    return Check(
        Call(&v1::AuditService::Stub::VerifyAuditLog, *audit, v1::VerifyAuditLogRequest(), owner),
        "verify");
  }
  bool Works(const std::string& key) { return GetTenant("", key).ok(); }
  void Sql(const std::string& sql) {
    Check(database.ConnectAsSuperuser()->ExecuteScript(sql), sql);
  }

  std::string other;
};

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

v1::ApiKey KeyWith(v1::Role role, const std::string& project = "") {
  v1::ApiKey key;
  key.set_role(role);
  key.set_project_id(project);
  return key;
}

TEST_CASE_METHOD(Service, "a project is made, changed, listed and deleted by its tenant only") {
  v1::Project project = Check(CreateProject("billing", owner), "create");
  CHECK(ReasonOf(CreateProject("billing", owner).status()) == "PROJECT_NAME_TAKEN");
  CHECK(CreateProject("billing", other).ok());
  CHECK(Fields(CreateProject("", owner).status()) == std::set<std::string>{"project.name"});
  CHECK(absl::IsNotFound(GetProject(project.id(), other).status()));
  CHECK(absl::IsNotFound(DeleteProject(project.id(), other)));
  project.set_description("money");
  CHECK(Fields(UpdateProject(project, {}, other).status()) ==
        std::set<std::string>{"project.tenant_id"});
  project.clear_tenant_id();
  CHECK(absl::IsNotFound(UpdateProject(project, {}, other).status()));
  CHECK(UpdateProject(project, {"description"}, owner)->description() == "money");
  CHECK(Fields(UpdateProject(project, {"tenant_id"}, owner).status()) ==
        std::set<std::string>{"update_mask"});
  CHECK(Call(&v1::ProjectService::Stub::ListProjects, *projects, v1::ListProjectsRequest(), owner)
            ->total_size() == 1);
  CHECK(DeleteProject(project.id(), owner).ok());
  CHECK(absl::IsNotFound(GetProject(project.id(), owner).status()));
  CHECK(AuditLog() == std::vector<std::string>{"project.deleted project/" + project.id(),
                                               "project.updated project/" + project.id(),
                                               "project.created project/" + project.id()});
}

TEST_CASE_METHOD(Service, "a new project has its default task queue, which goes with it") {
  const v1::Project project = Check(CreateProject("billing", owner), "create");
  auto superuser = database.ConnectAsSuperuser();
  constexpr postgres::Statement kQueues{
      "queues",
      "SELECT name, is_default AND is_system FROM workflow.task_queues WHERE tenant_id = $1 AND project_id = $2::text::uuid"};
  auto queues = [&] {
    return Check(superuser->Execute(kQueues, std::move(postgres::Params().Add(acme).Add(project.id()))), "queues");
  };
  REQUIRE(queues().rows() == 1);
  CHECK(queues().Get<std::string>(0, 0) == "default");
  CHECK(queues().Get<bool>(0, 1));
  // A name that is taken leaves no queue behind.
  CHECK_FALSE(CreateProject("billing", owner).ok());
  CHECK(queues().rows() == 1);
  CHECK(DeleteProject(project.id(), owner).ok());
  CHECK(queues().rows() == 0);
}

TEST_CASE_METHOD(Service, "one project is the default one; it is handed on and not deleted") {
  v1::Project first = Check(CreateProject("first", owner), "create");
  v1::Project second = Check(CreateProject("second", owner), "create");
  first.set_is_default(true);
  second.set_is_default(true);
  CHECK(UpdateProject(first, {}, owner)->is_default());
  CHECK(ReasonOf(DeleteProject(first.id(), owner)) == "DEFAULT_PROJECT");
  CHECK(UpdateProject(second, {"is_default"}, owner)->is_default());
  CHECK_FALSE(GetProject(first.id(), owner)->is_default());
  second.set_is_default(false);
  CHECK(ReasonOf(UpdateProject(second, {"is_default"}, owner).status()) == "DEFAULT_PROJECT");
  CHECK(DeleteProject(first.id(), owner).ok());
}

TEST_CASE_METHOD(Service, "a project with workflows is not deleted") {
  const v1::Project project = Check(CreateProject("busy", owner), "create");
  Sql(
      fmt::format("INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
                  "service_display_name) "
                  "VALUES ('{}', gen_random_uuid(), '{}', 'w', 'w')",
                  acme.ToString(), project.id()));
  const absl::Status status = DeleteProject(project.id(), owner);
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(ReasonOf(status) == "PROJECT_NOT_EMPTY");
}

TEST_CASE_METHOD(Service,
                 "a key works from the moment it is made, is shown once, and ends within seconds") {
  const auto created = Check(CreateKey(KeyWith(v1::ROLE_VIEWER), owner), "create");
  CHECK(created.key().starts_with(created.api_key().prefix()));
  CHECK(created.key().starts_with("pk_live_"));
  CHECK(Works(created.key()));
  v1::GetApiKeyRequest get;
  get.set_id(created.api_key().id());
  const auto shown = Check(Call(&v1::ApiKeyService::Stub::GetApiKey, *keys, get, owner), "get");
  CHECK(shown.DebugString().find(created.key()) == std::string::npos);
  CHECK(absl::IsNotFound(Call(&v1::ApiKeyService::Stub::GetApiKey, *keys, get, other).status()));
  CHECK(absl::IsNotFound(RevokeKey(created.api_key().id(), other).status()));
  CHECK(RevokeKey(created.api_key().id(), owner)->has_revoke_time());
  CHECK(RevokeKey(created.api_key().id(), owner).ok());
  Restart();  // forgets what it has cached, which it would within 5 s
  CHECK_FALSE(Works(created.key()));
}

TEST_CASE_METHOD(Service,
                 "a key may do no more than who makes it, by default a developer's things") {
  const std::string developer = AddApiKey(acme, auth::Role::kDeveloper);
  CHECK(CreateKey(v1::ApiKey(), owner)->api_key().role() == v1::ROLE_DEVELOPER);
  CHECK(CreateKey(KeyWith(v1::ROLE_DEVELOPER), developer).ok());
  CHECK(ReasonOf(CreateKey(KeyWith(v1::ROLE_ADMIN), developer).status()) == "ROLE_ABOVE_OWN");
  const std::string admins =
      Check(CreateKey(KeyWith(v1::ROLE_ADMIN), owner), "create").api_key().id();
  CHECK(ReasonOf(RevokeKey(admins, developer).status()) == "ROLE_ABOVE_OWN");
  CHECK(ReasonOf(RotateKey(admins, 0, developer).status()) == "ROLE_ABOVE_OWN");
}

TEST_CASE_METHOD(Service,
                 "a key that is limited to a project sees that one, and nothing of the tenant") {
  const v1::Project mine = Check(CreateProject("mine", owner), "create");
  const v1::Project theirs = Check(CreateProject("theirs", owner), "create");
  const std::string key =
      Check(CreateKey(KeyWith(v1::ROLE_OWNER, mine.id()), owner), "create").key();
  CHECK(GetProject(mine.id(), key).ok());
  CHECK(absl::IsNotFound(GetProject(theirs.id(), key).status()));
  CHECK(Call(&v1::ProjectService::Stub::ListProjects, *projects, v1::ListProjectsRequest(), key)
            ->total_size() == 1);
  for (const absl::Status& status :
       {CreateProject("another", key).status(), DeleteProject(mine.id(), key),
        CreateKey(KeyWith(v1::ROLE_VIEWER), key).status(),
        CreateUser("x@example.com", v1::ROLE_VIEWER, key).status(),
        UpdateTenant(v1::Tenant(), {"name"}, key).status(),
        Call(&v1::UserService::Stub::ListUsers, *users, v1::ListUsersRequest(), key).status(),
        Call(&v1::ApiKeyService::Stub::ListApiKeys, *keys, v1::ListApiKeysRequest(), key).status(),
        Call(&v1::AuditService::Stub::ListAuditEvents, *audit, v1::ListAuditEventsRequest(), key)
            .status()}) {
    CHECK(absl::IsPermissionDenied(status));
    CHECK(ReasonOf(status) == "PROJECT_SCOPED_KEY");
  }
  const v1::Project foreign = Check(CreateProject("foreign", other), "create");
  CHECK(Fields(CreateKey(KeyWith(v1::ROLE_VIEWER, foreign.id()), owner).status()) ==
        std::set<std::string>{"api_key.project_id"});
}

TEST_CASE_METHOD(Service, "a key ends when it says") {
  v1::ApiKey key = KeyWith(v1::ROLE_VIEWER);
  key.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 1);
  CHECK(Fields(CreateKey(key, owner).status()) == std::set<std::string>{"api_key.expire_time"});
  key.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 3600);
  const auto created = Check(CreateKey(key, owner), "create");
  CHECK(Works(created.key()));
  Sql(fmt::format("UPDATE tenancy.api_keys SET expires_at = now() WHERE api_key_id = '{}'",
                  created.api_key().id()));
  Restart();
  CHECK_FALSE(Works(created.key()));
  CHECK(ReasonOf(RotateKey(created.api_key().id(), 0, owner).status()) == "API_KEY_ENDED");
}

TEST_CASE_METHOD(Service,
                 "rotation makes a key like the old one, which stays good as long as asked for") {
  const v1::Project project = Check(CreateProject("p", owner), "create");
  const auto old = Check(CreateKey(KeyWith(v1::ROLE_OPERATOR, project.id()), owner), "create");
  const auto second = Check(RotateKey(old.api_key().id(), 3600, owner), "rotate");
  CHECK(second.api_key().role() == v1::ROLE_OPERATOR);
  CHECK(second.api_key().project_id() == project.id());
  CHECK(second.key() != old.key());
  CHECK(Works(old.key()));
  CHECK(Works(second.key()));
  const auto third = Check(RotateKey(second.api_key().id(), 0, owner), "rotate");
  Restart();
  CHECK(Works(old.key()));
  CHECK_FALSE(Works(second.key()));
  CHECK(Works(third.key()));
  v1::GetApiKeyRequest get;
  get.set_id(old.api_key().id());
  CHECK(Call(&v1::ApiKeyService::Stub::GetApiKey, *keys, get, owner)->replaced_by() ==
        second.api_key().id());
  CHECK(Fields(RotateKey(third.api_key().id(), -1, owner).status()) ==
        std::set<std::string>{"overlap"});
  CHECK(Fields(RotateKey(third.api_key().id(), 8 * 86400, owner).status()) ==
        std::set<std::string>{"overlap"});
  CHECK(absl::IsNotFound(RotateKey(third.api_key().id(), 0, other).status()));
}

TEST_CASE_METHOD(Service, "ended keys are listed on request, keys of one project alone") {
  const v1::Project project = Check(CreateProject("p", owner), "create");
  const auto scoped = Check(CreateKey(KeyWith(v1::ROLE_VIEWER, project.id()), owner), "create");
  Check(RevokeKey(Check(CreateKey(KeyWith(v1::ROLE_VIEWER), owner), "create").api_key().id(), owner)
            .status(),
        "revoke");
  auto count = [&](auto narrow) {
    v1::ListApiKeysRequest request;
    narrow(request);
    return Check(Call(&v1::ApiKeyService::Stub::ListApiKeys, *keys, request, owner), "list")
        .total_size();
  };
  CHECK(count([](auto&) {}) == 2);  // the owner's own
  CHECK(count([](auto& r) { r.set_show_ended(true); }) == 3);
  CHECK(count([&](auto& r) { r.set_project_id(project.id()); }) == 1);
}

TEST_CASE_METHOD(Service, "a tenant sees and changes itself, and no other") {
  const v1::Tenant tenant = Check(GetTenant("", owner), "get");
  CHECK(tenant.slug() == "acme");
  CHECK(tenant.plan() == v1::PLAN_FREE);
  CHECK(tenant.status() == v1::TENANT_STATUS_ACTIVE);
  CHECK(tenant.email_settings().provider() == v1::EMAIL_PROVIDER_SMTP);
  CHECK(GetTenant(acme.ToString(), owner).ok());
  for (const std::string& id :
       {slow.ToString(), std::string("nonsense"), Uuid::MakeV7(absl::Now()).ToString()}) {
    CHECK(absl::IsNotFound(GetTenant(id, owner).status()));
    v1::Tenant change;
    change.set_id(id);
    change.set_name("Mine");
    CHECK(absl::IsNotFound(UpdateTenant(change, {}, owner).status()));
  }
}

TEST_CASE_METHOD(Service, "an update of the tenant changes what its mask names") {
  v1::Tenant change;
  change.set_name("Acme Inc");
  change.set_email("office@acme.example");
  (*change.mutable_settings()->mutable_custom()->mutable_fields())["theme"].set_string_value(
      "dark");
  change.mutable_settings()->set_onboarding_completed(true);
  change.mutable_email_settings()->set_provider(v1::EMAIL_PROVIDER_RESEND);
  change.mutable_email_settings()->set_max_daily_emails(500);
  v1::Tenant tenant =
      Check(UpdateTenant(change, {"settings.custom", "email_settings.max_daily_emails"}, owner),
            "update");
  CHECK(tenant.name() == "acme");
  CHECK(tenant.settings().custom().fields().at("theme").string_value() == "dark");
  CHECK_FALSE(tenant.settings().onboarding_completed());
  CHECK(tenant.email_settings().max_daily_emails() == 500);
  CHECK(tenant.email_settings().provider() == v1::EMAIL_PROVIDER_SMTP);
  tenant = Check(UpdateTenant(change, {}, owner), "update");
  CHECK(tenant.name() == "Acme Inc");
  CHECK(tenant.settings().has_onboarding_complete_time());
  CHECK(tenant.email_settings().provider() == v1::EMAIL_PROVIDER_RESEND);
  CHECK(GetTenant("", owner)->DebugString() == tenant.DebugString());
  for (const char* field : {"slug", "plan", "status", "id", "settings.nonsense"}) {
    CHECK(Fields(UpdateTenant(change, {field}, owner).status()) ==
          std::set<std::string>{"update_mask"});
  }
  change.clear_name();
  CHECK(Fields(UpdateTenant(change, {"name"}, owner).status()) ==
        std::set<std::string>{"tenant.name"});
  CHECK(AuditLog().size() == 2);
}

TEST_CASE_METHOD(Service, "the audit log says who did what, from which request, in pages") {
  const v1::Tokens ada = AddPerson("ada@example.com", v1::ROLE_ADMIN);
  for (int i = 0; i < 3; ++i)
    Check(CreateProject(fmt::format("p{}", i), ada.access_token()).status(), "create");
  v1::ListAuditEventsRequest request;
  request.set_actor_user_id(ada.user_id());
  request.set_action("project.created");
  request.set_page_size(2);
  const auto first =
      Check(Call(&v1::AuditService::Stub::ListAuditEvents, *audit, request, owner), "list");
  CHECK(first.total_size() == 3);
  REQUIRE(first.audit_events_size() == 2);
  CHECK(first.audit_events(0).sequence() > first.audit_events(1).sequence());
  CHECK(first.audit_events(0).actor_user_id() == ada.user_id());
  CHECK_FALSE(first.audit_events(0).request_id().empty());
  request.set_page_token(first.next_page_token());
  const auto second =
      Check(Call(&v1::AuditService::Stub::ListAuditEvents, *audit, request, owner), "list");
  CHECK(second.audit_events_size() == 1);
  CHECK(second.next_page_token().empty());
  request.set_action("");
  CHECK(Fields(Call(&v1::AuditService::Stub::ListAuditEvents, *audit, request, owner).status()) ==
        std::set<std::string>{"page_token"});
  CHECK(Call(&v1::AuditService::Stub::ListAuditEvents, *audit, v1::ListAuditEventsRequest(), other)
            ->total_size() == 0);
}

TEST_CASE_METHOD(Service, "an audit log is whole as long as nobody has touched it") {
  CHECK(Verify().intact());
  for (int i = 0; i < 5; ++i) Check(CreateProject(fmt::format("p{}", i), owner).status(), "create");
  const v1::VerifyAuditLogResponse whole = Verify();
  CHECK(whole.intact());
  CHECK(whole.checked() == 5);
  CHECK(whole.last_sequence() == 5);
  CHECK(whole.last_hash().size() == 64);
  // Past triggers and policies, as somebody with the database's own files would.
  struct Tampering {
    const char* sql;
    int64_t broken;
  };
  const Tampering tamperings[] = {
      {"UPDATE tenancy.audit_log SET resource_id = 'another' WHERE sequence = 2", 2},
      {"UPDATE tenancy.audit_log SET details = '{\"role\":\"viewer\"}' WHERE sequence = 3", 3},
      {"UPDATE tenancy.audit_log SET occurred_at = occurred_at + interval '1 microsecond' WHERE "
       "sequence = 1",
       1},
      {"UPDATE tenancy.audit_log SET actor_api_key_id = gen_random_uuid() WHERE sequence = 4", 4},
      {"DELETE FROM tenancy.audit_log WHERE sequence = 3", 4},
      {"DELETE FROM tenancy.audit_log WHERE sequence = 5", 5},
      {"DELETE FROM tenancy.audit_log", 1},
      {"UPDATE tenancy.audit_log SET hash = sha256(hash) WHERE sequence = 5", 5},
      {"INSERT INTO tenancy.audit_log SELECT tenant_id, 6, occurred_at, actor_user_id, "
       "actor_api_key_id, actor_service, action, resource_type, "
       "resource_id, details, request_id, hash, sha256('made up') FROM tenancy.audit_log WHERE "
       "sequence = 5",
       6},
  };
  for (const Tampering& tampering : tamperings) {
    CAPTURE(tampering.sql);
    Sql("CREATE TABLE kept AS TABLE tenancy.audit_log");
    Sql(fmt::format("SET session_replication_role = replica; {}", tampering.sql));
    const v1::VerifyAuditLogResponse verdict = Verify();
    CHECK_FALSE(verdict.intact());
    CHECK(verdict.broken_sequence() == tampering.broken);
    CHECK_FALSE(verdict.problem().empty());
    Sql("SET session_replication_role = replica; DELETE FROM tenancy.audit_log; INSERT INTO "
        "tenancy.audit_log TABLE kept; DROP TABLE kept");
  }
  CHECK(Verify().intact());
}

TEST_CASE_METHOD(Service, "a log of thousands of rows is read to its end") {
  Check(CreateProject("p", owner).status(), "create");
  auto connection = database.Connect(postgres::Role::kServer);
  Check(connection->ExecuteScript(
            fmt::format("BEGIN; SET LOCAL app.tenant_id = '{0}'; INSERT INTO tenancy.audit_log "
                        "(tenant_id, action, resource_type, resource_id, details) "
                        "SELECT '{0}', 'sample.made', 'sample', i::text, jsonb_build_object('i', "
                        "i, 'text', 'süß \"q\"') FROM generate_series(1, 2500) i; COMMIT",
                        acme.ToString())),
        "many");
  const v1::VerifyAuditLogResponse verdict = Verify();
  CHECK(verdict.intact());
  CHECK(verdict.checked() == 2501);
}

}  // namespace
}  // namespace penstock::interfaces
