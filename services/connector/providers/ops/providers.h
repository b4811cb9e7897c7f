// What can be asked about providers. Those of the release are everybody's; a tenant adds its own,
// which nobody else sees. What is added is held to the stricter rules of check_provider.h.
//
// A release may bring an id that a tenant has: from then on the id is the release's, and the
// tenant's own row can only be deleted.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "libs/request/fields.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/catalogue.h"
#include "services/connector/providers/ops/provider_list.h"

namespace penstock::connector {

inline constexpr int kMaxTenantProviders = 200;

// Writes to the audit log in the transaction of the change: "provider.created" and its like.
using AuditProvider =
    std::function<absl::Status(postgres::Connection& connection, const auth::CallContext& caller,
                               std::string_view action, const std::string& provider_id)>;

// Owned by App; all that is referred to outlives it.
struct ProviderContext {
  postgres::Pool& pool;
  const Catalogue& catalogue;
  const Clock& clock;
  AuditProvider audit;
};

struct ProviderChange {
  connector::v1::Provider provider;
  FieldNames fields;  // which of its fields replace what is there
};

absl::StatusOr<connector::v1::Provider> GetProvider(const ProviderContext& context,
                                                    const auth::CallContext& caller,
                                                    const std::string& id);
absl::StatusOr<paging::Page<connector::v1::Provider>> ListProviders(const ProviderContext& context,
                                                                    const auth::CallContext& caller,
                                                                    const ProviderFilter& filter,
                                                                    int32_t page_size,
                                                                    const std::string& page_token);
// ALREADY_EXISTS (PROVIDER_EXISTS); RESOURCE_EXHAUSTED (TOO_MANY_PROVIDERS) past
// kMaxTenantProviders.
absl::StatusOr<connector::v1::Provider> CreateProvider(const ProviderContext& context,
                                                       const auth::CallContext& caller,
                                                       const connector::v1::Provider& provider);
// FAILED_PRECONDITION (RELEASE_PROVIDER) for one of the release.
absl::StatusOr<connector::v1::Provider> UpdateProvider(const ProviderContext& context,
                                                       const auth::CallContext& caller,
                                                       const ProviderChange& change);
absl::Status DeleteProvider(const ProviderContext& context, const auth::CallContext& caller,
                            const std::string& id);

}  // namespace penstock::connector
