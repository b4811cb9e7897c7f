// A TokenVault in two tables of a test's database, sealed under one key: several processes can share it. Like the real one it opens nothing
// without having written down the use first.
#pragma once

#include <memory>
#include <string>

#include "libs/crypto/sealer.h"
#include "libs/postgres/pool.h"
#include "services/connector/oauth/token_vault.h"

namespace penstock::connector::testing {

class SealedVault final : public TokenVault {
 public:
  explicit SealedVault(postgres::Pool& pool);
  // Makes the tables.
  static void SetUp(postgres::Connection& superuser);

  absl::Status Put(postgres::Connection& connection, const CredentialOwner& owner, std::string_view field, const crypto::Secret& value) override;
  absl::Status Remove(postgres::Connection& connection, const CredentialOwner& owner, const std::vector<std::string>& fields) override;
  absl::Status RemoveAll(postgres::Connection& connection, const CredentialOwner& owner) override;
  absl::StatusOr<Credentials> Open(const Use& use, absl::Time deadline) override;

 private:
  postgres::Pool& pool_;
  crypto::Sealer sealer_;
};

}  // namespace penstock::connector::testing
