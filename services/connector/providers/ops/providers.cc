#include "services/connector/providers/ops/providers.h"

#include <utility>
#include <vector>

#include "fmt/format.h"
#include "google/protobuf/message.h"
#include "libs/request/caller.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/providers/check_provider.h"
#include "services/connector/providers/storage/providers.h"

namespace penstock::connector {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;
using v1::Provider;

postgres::Scope ScopeOf(const CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

// As fields of a request that has the provider.
absl::Status Check(const ProviderContext& context, const Provider& provider) {
  Problems problems =
      CheckProvider(provider, {.strictness = Strictness::kTenant,
                               .today = absl::ToCivilDay(context.clock.Now(), absl::UTCTimeZone()),
                               .release_ids = &context.catalogue.ids()});
  for (FieldViolation& problem : problems) {
    problem.field = problem.field.empty() ? "provider" : "provider." + problem.field;
  }
  return problems.empty() ? absl::OkStatus() : BadRequest(problems);
}

absl::Status Exists(const std::string& id) {
  return WithReason(absl::AlreadyExistsError(fmt::format("there is a provider {} already", id)),
                    "PROVIDER_EXISTS");
}

absl::Status OfRelease() {
  return WithReason(
      absl::FailedPreconditionError("providers that come with the release can't be changed"),
      "RELEASE_PROVIDER");
}

// Replaces `fields` of `target` with those of `change`.
void Apply(const FieldNames& fields, Provider change, Provider& target) {
  std::vector<const google::protobuf::FieldDescriptor*> replaced;
  for (const std::string& name : fields) {
    replaced.push_back(Provider::descriptor()->FindFieldByName(name));
  }
  target.GetReflection()->SwapFields(&target, &change, replaced);
}

absl::StatusOr<OwnProviders> LoadOwn(Connection& connection, const ProviderContext& context,
                                     TenantId tenant, const ProviderFilter& filter,
                                     const std::string& after, int limit) {
  OwnProviders own;
  if (filter.origin == Provider::ORIGIN_RELEASE) return own;
  const storage::ProviderQuery query{filter.category, filter.auth_type};
  const storage::ReleaseIds& release = context.catalogue.ids();
  ASSIGN_OR_RETURN(own.total, storage::CountProviders(connection, tenant, release, query));
  ASSIGN_OR_RETURN(own.after,
                   storage::ListProviders(connection, tenant, after, release, query, limit + 1));
  return own;
}

}  // namespace

absl::StatusOr<Provider> GetProvider(const ProviderContext& context, const CallContext& caller,
                                     const std::string& id) {
  if (const Provider* found = context.catalogue.Find(id)) return *found;
  return RunInTransactionReturning<Provider>(
      context.pool, ScopeOf(caller), [&](Connection& connection) {
        return storage::LoadProvider(connection, caller.tenant, id, storage::ProviderLock::kNone);
      });
}

absl::StatusOr<paging::Page<Provider>> ListProviders(const ProviderContext& context,
                                                     const CallContext& caller,
                                                     const ProviderFilter& filter,
                                                     int32_t page_size,
                                                     const std::string& page_token) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(page_size));
  ASSIGN_OR_RETURN(const std::string after,
                   paging::ReadPageToken(page_token, DescribeList(filter)));
  ASSIGN_OR_RETURN(OwnProviders own,
                   RunInTransactionReturning<OwnProviders>(
                       context.pool, ScopeOf(caller), [&](Connection& connection) {
                         return LoadOwn(connection, context, caller.tenant, filter, after, limit);
                       }));
  return PageOf(context.catalogue, std::move(own), filter, after, limit);
}

absl::StatusOr<Provider> CreateProvider(const ProviderContext& context, const CallContext& caller,
                                        const Provider& provider) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  if (context.catalogue.Find(provider.id()) != nullptr) return Exists(provider.id());
  RETURN_IF_ERROR(Check(context, provider));
  return RunInTransactionReturning<Provider>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Provider> {
        RETURN_IF_ERROR(storage::LockProviders(connection, caller.tenant));
        ASSIGN_OR_RETURN(const int64_t count,
                         storage::CountProviders(connection, caller.tenant, {}, {}));
        const absl::StatusOr<Provider> there = storage::LoadProvider(
            connection, caller.tenant, provider.id(), storage::ProviderLock::kNone);
        if (there.ok()) return Exists(provider.id());
        if (!absl::IsNotFound(there.status())) return there.status();
        if (count >= kMaxTenantProviders) {
          return WithReason(
              absl::ResourceExhaustedError(
                  fmt::format("a tenant has at most {} providers of its own", kMaxTenantProviders)),
              "TOO_MANY_PROVIDERS");
        }
        RETURN_IF_ERROR(storage::InsertProvider(connection, caller.tenant, provider));
        RETURN_IF_ERROR(context.audit(connection, caller, "provider.created", provider.id()));
        return storage::LoadProvider(connection, caller.tenant, provider.id(),
                                     storage::ProviderLock::kNone);
      });
}

absl::StatusOr<Provider> UpdateProvider(const ProviderContext& context, const CallContext& caller,
                                        const ProviderChange& change) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  const std::string& id = change.provider.id();
  if (context.catalogue.Find(id) != nullptr) return OfRelease();
  return RunInTransactionReturning<Provider>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Provider> {
        ASSIGN_OR_RETURN(Provider provider,
                         storage::LoadProvider(connection, caller.tenant, id,
                                               storage::ProviderLock::kForChange));
        Apply(change.fields, change.provider, provider);
        provider.clear_origin();
        provider.clear_create_time();
        provider.clear_update_time();
        RETURN_IF_ERROR(Check(context, provider));
        RETURN_IF_ERROR(storage::UpdateProvider(connection, caller.tenant, provider));
        RETURN_IF_ERROR(context.audit(connection, caller, "provider.updated", id));
        return storage::LoadProvider(connection, caller.tenant, id, storage::ProviderLock::kNone);
      });
}

absl::Status DeleteProvider(const ProviderContext& context, const CallContext& caller,
                            const std::string& id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const bool was_there,
                         storage::DeleteProvider(connection, caller.tenant, id));
        if (was_there) return context.audit(connection, caller, "provider.deleted", id);
        if (context.catalogue.Find(id) != nullptr) return OfRelease();
        return absl::NotFoundError("there is no such provider");
      });
}

}  // namespace penstock::connector
