// Passwords of people, as hashes.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::interfaces {

struct Credentials {
  UserId user = {};
  bool user_active = false;
  std::string password_hash = {};
  bool must_change = false;                   // a temporary password
  std::optional<absl::Time> expires_at = {};  // of a temporary password
};

namespace storage {

struct FoundCredentials {
  std::string email_key = {};  // the address as it is compared: all spellings of one are the same
  std::optional<Credentials> credentials = {};  // none when the tenant has nobody with this address
};
// Asks the same of a tenant that is not there.
absl::StatusOr<FoundCredentials> FindCredentials(postgres::Connection& connection, TenantId tenant,
                                                 const std::string& email);
// The hash of an active user, for change; none when there is no such user any more.
absl::StatusOr<std::optional<std::string>> LockPasswordHash(postgres::Connection& connection,
                                                            TenantId tenant, UserId user);
absl::Status PutCredentials(postgres::Connection& connection, TenantId tenant,
                            const Credentials& credentials, absl::Time now);

}  // namespace storage
}  // namespace penstock::interfaces
