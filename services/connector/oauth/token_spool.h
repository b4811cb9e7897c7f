// Tokens that the database would not take, kept in local files until it does: sealed, and on the
// disk before anybody is told. One file for each attempt; what is in the database wins, so that
// replaying twice is harmless.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/crypto/sealer.h"
#include "services/connector/oauth/received.h"

namespace penstock::connector {

class TokenSpool {
 public:
  // `directory` belongs to this process alone and outlives it; made, for its owner only, when it is
  // not there. FAILED_PRECONDITION when others could read it.
  static absl::StatusOr<TokenSpool> Create(std::string directory, crypto::Sealer sealer);

  // On the disk when it returns OK.
  absl::Status Write(const Received& received);

  // Names of the files that are there, oldest first.
  absl::StatusOr<std::vector<std::string>> List() const;
  // NOT_FOUND when it is gone; DATA_LOSS or FAILED_PRECONDITION (UNKNOWN_KEY) when it can't be
  // opened; it stays where it is.
  absl::StatusOr<Received> Read(const std::string& name) const;
  absl::Status Remove(const std::string& name);

  const std::string& directory() const { return directory_; }

 private:
  TokenSpool(std::string directory, crypto::Sealer sealer)
      : directory_(std::move(directory)), sealer_(std::move(sealer)) {}
  absl::Status SyncDirectory() const;

  std::string directory_;
  crypto::Sealer sealer_;
};

}  // namespace penstock::connector
