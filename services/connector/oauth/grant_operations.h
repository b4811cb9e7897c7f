// What can be asked about grants. A caller who is limited to a project sees those of its connectors
// and of the whole tenant's, and changes its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/connector/oauth/authorizer.h"
#include "services/connector/oauth/device_authorizer.h"
#include "services/connector/oauth/refresher.h"
#include "services/connector/oauth/revoker.h"

namespace penstock::connector {

// Owned by App; all outlive it.
struct GrantContext {
  const RefreshParts& parts;
  Refresher& refresher;
  Authorizer& authorizer;
  DeviceAuthorizer& devices;
  Revoker& revoker;
};

struct GrantView {
  Grant grant;
  std::vector<Uuid> used_by = {};                  // connectors
  std::vector<storage::GrantChange> changes = {};  // newest first
  std::optional<std::string> authorization =
      {};  // what became of the latest: "waiting", "authorized", "access_denied"
};

struct NewGrant {
  ConnectorId connector;                 // whose client it is of
  std::string display_name = {};         // empty = the connector's
  std::vector<std::string> scopes = {};  // empty = the connector's
};

// The connector uses it from now on, unless it has one. FAILED_PRECONDITION (NO_GRANT_NEEDED) when
// its auth_type takes none.
absl::StatusOr<GrantView> CreateGrant(const GrantContext& context, const auth::CallContext& caller,
                                      const NewGrant& asked);
absl::StatusOr<GrantView> GetGrant(const GrantContext& context, const auth::CallContext& caller,
                                   GrantId id);

struct GrantQuery {
  std::optional<Uuid> connector = {};
  std::optional<GrantState> state = {};
  int32_t page_size = 0;
  std::string page_token = {};
};
// Newest first, without who uses them and their changes.
absl::StatusOr<paging::Page<Grant>> ListGrants(const GrantContext& context,
                                               const auth::CallContext& caller,
                                               const GrantQuery& query);

absl::StatusOr<StartedAuthorization> StartAuthorization(const GrantContext& context,
                                                        const auth::CallContext& caller, GrantId id,
                                                        const std::string& return_to);
absl::StatusOr<StartedDevice> StartDeviceAuthorization(const GrantContext& context,
                                                       const auth::CallContext& caller, GrantId id);
// Now, whether it is due or not.
absl::StatusOr<GrantView> RefreshGrant(const GrantContext& context, const auth::CallContext& caller,
                                       GrantId id);

struct RevokedGrant {
  GrantView view;
  bool at_provider = false;
  std::vector<std::string> side_effects;
};
absl::StatusOr<RevokedGrant> RevokeGrant(const GrantContext& context,
                                         const auth::CallContext& caller, GrantId id);
// FAILED_PRECONDITION (GRANT_IN_USE, metadata count) while connectors other than its own use it,
// unless they are to be left without.
enum class Users { kMustBeNone, kAreLeftWithout };
absl::Status DeleteGrant(const GrantContext& context, const auth::CallContext& caller, GrantId id,
                         Users users);

}  // namespace penstock::connector
