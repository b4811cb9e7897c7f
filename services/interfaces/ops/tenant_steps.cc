#include "services/interfaces/ops/tenant_steps.h"

#include <functional>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/ops/tenant_request.h"
#include "services/interfaces/ops/welcome_mail.h"
#include "services/interfaces/storage/audit.h"
#include "services/interfaces/storage/credentials.h"
#include "services/interfaces/storage/lifecycle.h"
#include "services/interfaces/storage/users.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using postgres::Connection;
using Json = nlohmann::json;

constexpr absl::Duration kTemporaryPasswordLifetime = absl::Hours(24);
// Rows of each kind that one transaction removes; it takes well under a second.
constexpr int kPurgedAtOnce = 2000;

constexpr char kCreating[] = "creating";
constexpr char kSetUp[] = "set_up";
constexpr char kRolledBack[] = "rolled_back";
constexpr char kSuspended[] = "suspended";
constexpr char kPurging[] = "purging";
constexpr char kPurged[] = "purged";

// One step under way.
struct Step {
  const TenantStepContext& context;
  const CallContext& caller;
  TenantId tenant;
  ExecutionId operation;
  TenantRequest request;  // of create-tenant

  // The first owner has the tenant's id: there is one such user, however often the steps run.
  UserId admin() const { return UserId(tenant.uuid()); }
};

absl::Status Gone(std::string_view state) {
  return WithReason(absl::FailedPreconditionError(fmt::format("the tenant is {}", state)), "TENANT_STATE", {{"state", std::string(state)}});
}

// A transaction as the admin role, for the tenant, that has locked its lifecycle.
using Body = std::function<absl::StatusOr<Json>(Connection&, Lifecycle&)>;
absl::StatusOr<std::string> Locked(const Step& step, std::string_view state_if_new, const Body& body) {
  ASSIGN_OR_RETURN(const Json output, (postgres::RunInTransactionReturning<Json>(
                                          step.context.admin_pool, {.tenant = step.tenant}, [&](Connection& connection) -> absl::StatusOr<Json> {
                                            ASSIGN_OR_RETURN(Lifecycle lifecycle, storage::LockLifecycle(connection, step.tenant, state_if_new));
                                            return body(connection, lifecycle);
                                          })));
  return output.dump();
}

// The log of the tenant says what was done to it, while it is there.
absl::Status Audit(Connection& connection, const Step& step, std::string_view action) {
  CallContext actor = step.caller;
  actor.tenant = step.tenant;
  return storage::AppendAudit(connection, actor, {.action = action, .resource_type = "tenant", .resource_id = step.tenant.ToString()});
}

absl::Status Explain(const absl::Status& status, const Step& step) {
  if (postgres::ConstraintOf(status) != "tenants_slug_unique") return status;
  return WithReason(absl::AlreadyExistsError(fmt::format("there is a tenant with the slug {}", step.request.slug)), "SLUG_TAKEN");
}

// ---- create-tenant

// Makes nothing; what can be known to be wrong is said before anything is made.
absl::StatusOr<std::string> Begin(const Step& step) {
  RETURN_IF_ERROR(CheckTenantRequest(step.request));
  return Locked(step, kCreating, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    if (lifecycle.state == kRolledBack) return Gone(lifecycle.state);
    ASSIGN_OR_RETURN(const std::optional<TenantId> other, storage::FindTenantBySlug(connection, step.request.slug));
    if (other && *other != step.tenant) {
      return WithReason(absl::AlreadyExistsError(fmt::format("there is a tenant with the slug {}", step.request.slug)), "SLUG_TAKEN");
    }
    return Json{{"tenantId", step.tenant.ToString()}};
  });
}

absl::StatusOr<std::string> Create(const Step& step) {
  absl::StatusOr<std::string> created = Locked(step, kCreating, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    if (lifecycle.state != kCreating) return Gone(lifecycle.state);
    const Tenant tenant{.id = step.tenant, .slug = step.request.slug, .name = step.request.name, .email = step.request.email, .plan = step.request.plan};
    RETURN_IF_ERROR(storage::InsertTenant(connection, tenant, step.request.checkout_session_id));
    return Json{{"tenantId", step.tenant.ToString()}};
  });
  if (!created.ok()) return Explain(created.status(), step);
  return created;
}

absl::StatusOr<std::string> CreateAdminUser(const Step& step) {
  return Locked(step, kCreating, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    if (lifecycle.state != kCreating) return Gone(lifecycle.state);
    if (absl::IsNotFound(storage::LoadUser(connection, step.tenant, step.admin()).status())) {
      RETURN_IF_ERROR(storage::InsertUser(connection, {.id = step.admin(),
                                                       .tenant = step.tenant,
                                                       .email = step.request.email,
                                                       .first_name = step.request.first_name,
                                                       .last_name = step.request.last_name}));
      RETURN_IF_ERROR(storage::ReplaceRoles(connection, step.tenant, step.admin(), {auth::Role::kOwner}));
    }
    return Json{{"adminUserId", step.admin().ToString()}};
  });
}

// From here on the tenant is whole.
absl::StatusOr<std::string> SetUp(const Step& step) {
  return Locked(step, kCreating, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    const Json output{{"status", "active"}};
    if (lifecycle.state == kSetUp) return output;  // the answer of the first time was lost
    if (lifecycle.state != kCreating) return Gone(lifecycle.state);
    RETURN_IF_ERROR(storage::SetUpTenant(connection, step.tenant, step.context.clock.Now()));
    if (!step.request.company.empty()) RETURN_IF_ERROR(storage::SetUpCompany(connection, step.tenant, step.request.company));
    RETURN_IF_ERROR(storage::SetTenantStatus(connection, step.tenant, "active"));
    RETURN_IF_ERROR(storage::PutLifecycle(connection, step.tenant, {.state = kSetUp}));
    RETURN_IF_ERROR(Audit(connection, step, "tenant.created"));
    return output;
  });
}

// Each attempt makes a password of its own and the last one counts: it is in the mail and, as a hash, in the database, and nowhere between.
absl::StatusOr<std::string> SendWelcomeMail(const Step& step) {
  const absl::Time now = step.context.clock.Now();
  const std::string password = crypto::MakeTemporaryPassword();
  ASSIGN_OR_RETURN(std::string hash, step.context.hasher.Hash(password, HashDeadline(step.caller, step.context.clock)));
  RETURN_IF_ERROR(Locked(step, kCreating, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
                    if (lifecycle.state != kSetUp) return Gone(lifecycle.state);
                    // Who has signed in and chosen a password keeps it.
                    ASSIGN_OR_RETURN(const User admin, storage::LoadUser(connection, step.tenant, step.admin()));
                    if (admin.last_login_at) return WithReason(absl::FailedPreconditionError("the owner has signed in already"), "SIGNED_IN");
                    RETURN_IF_ERROR(storage::PutCredentials(connection, step.tenant,
                                                            {.user = step.admin(),
                                                             .password_hash = hash,
                                                             .must_change = true,
                                                             .expires_at = now + kTemporaryPasswordLifetime},
                                                            now));
                    return Json::object();
                  }).status());
  RETURN_IF_ERROR(step.context.mailer.Send(WelcomeMail(step.request, password, now + kTemporaryPasswordLifetime)));
  return Json{{"sent", true}}.dump();
}

absl::StatusOr<std::string> RemoveAdminUser(const Step& step) {
  return Locked(step, kRolledBack, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    if (lifecycle.state != kCreating) return Json{{"kept", lifecycle.state == kSetUp}};
    RETURN_IF_ERROR(storage::DeleteUser(connection, step.tenant, step.admin()));
    return Json{{"kept", false}};
  });
}

// Also for a tenant that never came to be: no step that is still under way can make it afterwards.
absl::StatusOr<std::string> Remove(const Step& step) {
  return Locked(step, kRolledBack, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    if (lifecycle.state != kCreating) return Json{{"kept", lifecycle.state == kSetUp}};
    RETURN_IF_ERROR(storage::DeleteTenant(connection, step.tenant));
    RETURN_IF_ERROR(storage::PutLifecycle(connection, step.tenant, {.state = kRolledBack}));
    return Json{{"kept", false}};
  });
}

// ---- delete-tenant

absl::StatusOr<std::string> Suspend(const Step& step) {
  if (step.tenant == kPlatformTenant) return absl::FailedPreconditionError("the platform's own tenant stays");
  // A tenant that was made otherwise has no row yet and is whole.
  return Locked(step, kSetUp, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    if (lifecycle.state == kSuspended && lifecycle.operation == step.operation) return Json::object();
    if (lifecycle.state != kSetUp) return Gone(lifecycle.state);
    ASSIGN_OR_RETURN(const Tenant tenant, storage::LoadTenant(connection, step.tenant));
    RETURN_IF_ERROR(storage::PutLifecycle(connection, step.tenant, {.state = kSuspended, .operation = step.operation, .previous_status = tenant.status}));
    RETURN_IF_ERROR(storage::SetTenantStatus(connection, step.tenant, "deleting"));
    RETURN_IF_ERROR(storage::RevokeSessionsOfTenant(connection, step.tenant, step.context.clock.Now()));
    RETURN_IF_ERROR(Audit(connection, step, "tenant.suspended"));
    return Json::object();
  });
}

absl::StatusOr<std::string> Restore(const Step& step) {
  return Locked(step, kSetUp, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
    const bool is_ours = lifecycle.state == kSuspended && lifecycle.operation == step.operation;
    if (!is_ours) return Json{{"restored", lifecycle.state == kSetUp}};
    RETURN_IF_ERROR(storage::SetTenantStatus(connection, step.tenant, lifecycle.previous_status));
    RETURN_IF_ERROR(storage::PutLifecycle(connection, step.tenant, {.state = kSetUp}));
    RETURN_IF_ERROR(Audit(connection, step, "tenant.restored"));
    return Json{{"restored", true}};
  });
}

absl::StatusOr<std::string> Purge(const Step& step) {
  bool more = true;
  while (more) {
    RETURN_IF_ERROR(Locked(step, kSetUp, [&](Connection& connection, Lifecycle& lifecycle) -> absl::StatusOr<Json> {
                      more = false;
                      if (lifecycle.state == kPurged) return Json::object();
                      const bool may = lifecycle.state == kSuspended || lifecycle.state == kPurging;
                      if (!may || lifecycle.operation != step.operation) return Gone(lifecycle.state);
                      ASSIGN_OR_RETURN(more, storage::PurgeTenant(connection, step.tenant, kPurgedAtOnce));
                      if (!more) RETURN_IF_ERROR(storage::DeleteTenant(connection, step.tenant));
                      RETURN_IF_ERROR(storage::PutLifecycle(connection, step.tenant,
                                                            {.state = more ? kPurging : kPurged, .operation = step.operation}));
                      return Json::object();
                    }).status());
    // What is done is done; the next attempt goes on from here.
    if (more && step.context.clock.Now() >= step.caller.deadline) return absl::DeadlineExceededError("there is more to remove");
  }
  return Json{{"purged", true}}.dump();
}

using Run = absl::StatusOr<std::string> (*)(const Step&);

const std::map<std::string, Run, std::less<>>& Steps() {
  static const auto& steps = *new std::map<std::string, Run, std::less<>>{
      {"tenant.begin", Begin},
      {"tenant.create", Create},
      {"tenant.create_admin_user", CreateAdminUser},
      {"tenant.set_up", SetUp},
      {"tenant.send_welcome_email", SendWelcomeMail},
      {"tenant.remove_admin_user", RemoveAdminUser},
      {"tenant.remove", Remove},
      {"tenant.suspend", Suspend},
      {"tenant.restore", Restore},
      {"tenant.purge", Purge},
  };
  return steps;
}

template <typename Id>
std::optional<Id> IdIn(const Json& input, const char* name) {
  if (!input.is_object() || !input.contains(name) || !input[name].is_string()) return std::nullopt;
  return Id::Parse(input[name].get_ref<const std::string&>());
}

}  // namespace

absl::StatusOr<std::string> RunTenantStep(const TenantStepContext& context, const CallContext& caller, const std::string& name,
                                          const std::string& text) {
  const auto found = Steps().find(name);
  if (found == Steps().end()) return absl::UnimplementedError(fmt::format("there is no step {}", name));
  const Json input = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const std::optional<TenantId> tenant = IdIn<TenantId>(input, "tenantId");
  if (!tenant) return InvalidField("tenantId", "must be a UUID");
  Step step{.context = context,
            .caller = caller,
            .tenant = *tenant,
            .operation = IdIn<ExecutionId>(input, "operationId").value_or(ExecutionId()),
            .request = {}};
  if (input.contains("request")) {
    ASSIGN_OR_RETURN(step.request, TenantRequestFrom(input["request"]));
  }
  return found->second(step);
}

}  // namespace penstock::interfaces
