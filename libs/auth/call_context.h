// For whom a call runs. Made by an Authenticator from credentials and by nothing else; a request
// can't name another tenant.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "libs/auth/role.h"
#include "libs/ids/uuid.h"

namespace penstock::auth {

// W3C trace context: ids as lower-case hex.
struct Trace {
  std::string trace_id;   // 32 digits
  std::string span_id;    // 16 digits; of this call
  std::string parent_id;  // 16 digits or empty; the caller's span
  bool sampled = false;
};

struct CallContext {
  TenantId tenant;                   // nil only for a service token that acts for no tenant
  UserId user;                       // nil when the key belongs to no user
  ApiKeyId api_key;                  // nil for service tokens
  std::optional<ProjectId> project;  // set when the key is limited to one
  Role role = Role::kViewer;
  std::string service;     // not empty: called with a service token, by this service
  std::string request_id;  // the caller's own when sane, else a new one
  Trace trace;
  absl::Time deadline = absl::InfiniteFuture();  // after it nobody waits for the answer

  bool is_service() const { return !service.empty(); }
};

}  // namespace penstock::auth
