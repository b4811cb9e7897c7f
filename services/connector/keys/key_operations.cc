#include "services/connector/keys/key_operations.h"

#include <utility>

#include "libs/audit_log/append.h"
#include "libs/json/quote.h"
#include "libs/log/log.h"
#include "libs/postgres/params.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/keys/rotation_queries.h"
#include "services/connector/keys/rotation_rows.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::RunInTransactionReturning;

constexpr char kList[] = "key rotations";
constexpr size_t kMaxReason = 500;

std::string NameOf(const auth::CallContext& caller) {
  if (!caller.user.is_nil()) return "user " + caller.user.ToString();
  if (!caller.api_key.is_nil()) return "api_key " + caller.api_key.ToString();
  return "service " + caller.service;
}

// In the platform's own log; the admin transaction is the platform tenant's.
absl::Status Note(Connection& connection, const auth::CallContext& caller, std::string_view action,
                  const KeyRotation& rotation) {
  return audit_log::AppendAudit(
      connection, caller,
      {.action = action,
       .resource_type = "key_rotation",
       .resource_id = rotation.id.ToString(),
       .details = "{\"level\": " + json::Quoted(rotation.level) + ", \"tenant_id\": " +
                  json::Quoted(rotation.of_tenant ? rotation.of_tenant->ToString() : "") + "}"});
}

postgres::Scope ScopeOf(const auth::CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

absl::StatusOr<std::string> FindSlug(Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(keys::kFindTenantSlug, Params().Add(tenant)));
  if (row.rows() == 0) return absl::NotFoundError("there is no such tenant");
  return row.Get<std::string>(0, 0);
}

absl::Status ReadRootKeys(Connection& connection, const RootKeyring& roots, KeyStatus& status) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(keys::kRootKeyStatus));
  for (int r = 0; r < rows.rows(); ++r) {
    const auto id = rows.Get<std::string>(r, 0);
    status.root_keys.push_back({.id = id,
                                .state = rows.Get<std::string>(r, 1),
                                .tenant_keys = rows.Get<int64_t>(r, 3),
                                .is_at_hand = roots.Find(id) != nullptr,
                                .created_at = rows.Get<absl::Time>(r, 2)});
  }
  return absl::OkStatus();
}

absl::Status ReadTenantKeys(Connection& connection, TenantId tenant, KeyStatus& status) {
  RETURN_IF_ERROR(FindSlug(connection, tenant).status());
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(keys::kTenantKeyStatus, Params().Add(tenant)));
  for (int r = 0; r < rows.rows(); ++r) {
    status.tenant_keys.push_back({.version = rows.Get<int32_t>(r, 0),
                                  .root_key_id = rows.Get<std::string>(r, 1),
                                  .state = rows.Get<std::string>(r, 2),
                                  .values = rows.Get<int64_t>(r, 4),
                                  .created_at = rows.Get<absl::Time>(r, 3)});
  }
  return absl::OkStatus();
}

absl::Status NoSuchRotation() { return absl::NotFoundError("there is no such rotation"); }

}  // namespace

absl::StatusOr<KeyStatus> GetKeyStatus(const KeyContext& context, std::optional<TenantId> tenant) {
  KeyStatus status;
  RETURN_IF_ERROR(postgres::RunInTransaction(
      context.admin_pool, {}, [&](Connection& connection) -> absl::Status {
        status = {};
        RETURN_IF_ERROR(ReadRootKeys(connection, context.roots, status));
        if (tenant) RETURN_IF_ERROR(ReadTenantKeys(connection, *tenant, status));
        ASSIGN_OR_RETURN(const Result totals, connection.Execute(keys::kKeyTotals));
        status.active = totals.Get<int64_t>(0, 0);
        status.decrypt_only = totals.Get<int64_t>(0, 1);
        status.destroyed = totals.Get<int64_t>(0, 2);
        status.sealed_values = totals.Get<int64_t>(0, 3);
        return absl::OkStatus();
      }));
  status.cache = context.keys.status();
  return status;
}

absl::StatusOr<KeyRotation> StartKeyRotation(const KeyContext& context,
                                             const auth::CallContext& caller,
                                             const RotationRequest& request) {
  if (request.destroy_previous && request.level == "data") {
    return InvalidField("destroy_previous", "is not for level DATA: it rotates no key of a tenant");
  }
  if (request.destroy_previous && request.level == "root" && request.of_tenant) {
    return InvalidField("destroy_previous", "of level ROOT is for all tenants only");
  }
  ASSIGN_OR_RETURN(
      KeyRotation started,
      RunInTransactionReturning<KeyRotation>(
          context.admin_pool, ScopeOf(caller),
          [&](Connection& connection) -> absl::StatusOr<KeyRotation> {
            if (request.of_tenant) {
              RETURN_IF_ERROR(FindSlug(connection, *request.of_tenant).status());
            }
            ASSIGN_OR_RETURN(
                KeyRotation rotation,
                rotation_rows::Insert(connection, {.id = Uuid::MakeV7(context.clock.Now()),
                                                   .level = request.level,
                                                   .of_tenant = request.of_tenant,
                                                   .destroy_previous = request.destroy_previous,
                                                   .started_by = NameOf(caller)}));
            RETURN_IF_ERROR(Note(connection, caller, "key_rotation.started", rotation));
            return rotation;
          }));
  if (context.wake_rotator) context.wake_rotator();
  return started;
}

absl::StatusOr<KeyRotation> GetKeyRotation(const KeyContext& context, Uuid id) {
  return RunInTransactionReturning<KeyRotation>(
      context.admin_pool, {}, [&](Connection& connection) -> absl::StatusOr<KeyRotation> {
        ASSIGN_OR_RETURN(std::optional<KeyRotation> rotation, rotation_rows::Load(connection, id));
        if (!rotation) return NoSuchRotation();
        return *std::move(rotation);
      });
}

absl::StatusOr<paging::Page<KeyRotation>> ListKeyRotations(const KeyContext& context,
                                                           int32_t page_size,
                                                           const std::string& page_token) {
  ASSIGN_OR_RETURN(const int size, paging::PageSize(page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(page_token, kList));
  std::optional<Uuid> before;
  if (!position.empty()) {
    before = Uuid::FromBytes(position);
    if (!before) return InvalidField("page_token", "is not one of ours");
  }
  return RunInTransactionReturning<paging::Page<KeyRotation>>(
      context.admin_pool, {},
      [&](Connection& connection) -> absl::StatusOr<paging::Page<KeyRotation>> {
        paging::Page<KeyRotation> page;
        ASSIGN_OR_RETURN(const int64_t total, rotation_rows::Count(connection));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, rotation_rows::List(connection, before, size + 1));
        if (page.items.size() > static_cast<size_t>(size)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(page.items.back().id.as_string_view(), kList);
        }
        return page;
      });
}

absl::StatusOr<KeyRotation> CancelKeyRotation(const KeyContext& context,
                                              const auth::CallContext& caller, Uuid id,
                                              const std::string& reason) {
  std::vector<FieldViolation> wrong;
  CheckText(reason, "reason", {.min = 0, .max = kMaxReason}, wrong);
  if (!wrong.empty()) return BadRequest(wrong);
  return RunInTransactionReturning<KeyRotation>(
      context.admin_pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<KeyRotation> {
        ASSIGN_OR_RETURN(std::optional<KeyRotation> cancelled,
                         rotation_rows::Cancel(connection, id, reason));
        if (cancelled) {
          RETURN_IF_ERROR(Note(connection, caller, "key_rotation.cancelled", *cancelled));
          return *std::move(cancelled);
        }
        ASSIGN_OR_RETURN(const std::optional<KeyRotation> rotation,
                         rotation_rows::Load(connection, id));
        if (!rotation) return NoSuchRotation();
        return WithReason(absl::FailedPreconditionError("the rotation has ended"), "ROTATION_ENDED",
                          {{"state", rotation->state}});
      });
}

absl::StatusOr<KeyRotation> DestroyTenantKeys(const KeyContext& context,
                                              const auth::CallContext& caller, TenantId tenant,
                                              const std::string& confirmation) {
  ASSIGN_OR_RETURN(
      KeyRotation destruction,
      RunInTransactionReturning<KeyRotation>(
          context.admin_pool, ScopeOf(caller),
          [&](Connection& connection) -> absl::StatusOr<KeyRotation> {
            ASSIGN_OR_RETURN(const std::string slug, FindSlug(connection, tenant));
            if (confirmation != slug) {
              return InvalidField("confirmation", "must be the tenant's slug");
            }
            ASSIGN_OR_RETURN(const Result destroyed,
                             connection.Execute(keys::kDestroyTenantKeys, Params().Add(tenant)));
            ASSIGN_OR_RETURN(
                KeyRotation row,
                rotation_rows::NoteDestruction(connection, Uuid::MakeV7(context.clock.Now()),
                                               tenant, destroyed.affected_rows(), NameOf(caller)));
            RETURN_IF_ERROR(Note(connection, caller, "tenant_key.destroyed", row));
            return row;
          }));
  // Other replicas look at the row before they use what they have at hand.
  context.keys.Forget(tenant);
  log::Warning("the keys of a tenant are destroyed", {{"of_tenant", tenant}});
  return destruction;
}

}  // namespace penstock::connector
