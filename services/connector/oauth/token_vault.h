// Where tokens and other secrets of grants lie sealed. The one behind it is CredentialStore; this is what services/connector/oauth asks of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/crypto/secret.h"
#include "libs/postgres/connection.h"
#include "services/connector/credentials/credentials.h"
#include "services/connector/credentials/use.h"

namespace penstock::connector {

class TokenVault {
 public:
  virtual ~TokenVault() = default;

  // In the caller's transaction, so that tokens and the row that counts them change together. The transaction is of the owner's tenant.
  virtual absl::Status Put(postgres::Connection& connection, const CredentialOwner& owner, std::string_view field,
                           const crypto::Secret& value) = 0;
  // Those that are there; no error when none is.
  virtual absl::Status Remove(postgres::Connection& connection, const CredentialOwner& owner, const std::vector<std::string>& fields) = 0;
  virtual absl::Status RemoveAll(postgres::Connection& connection, const CredentialOwner& owner) = 0;

  // Fields of `use` that are there, opened after the audit row of this use is committed. Never inside a transaction of the caller's.
  virtual absl::StatusOr<Credentials> Open(const Use& use, absl::Time deadline) = 0;
};

}  // namespace penstock::connector
