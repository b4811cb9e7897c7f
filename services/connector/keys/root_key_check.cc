#include "services/connector/keys/root_key_check.h"

#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/crypto/aead.h"
#include "libs/postgres/params.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/keys/queries.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

constexpr std::string_view kConstant = "penstock root key check value..";

struct KnownKey {
  std::string id, check_value, state;
};

std::string AssociatedOf(const RootKey& key) {
  return crypto::JoinAssociated({"penstock connector root key check", key.id()});
}

absl::StatusOr<std::vector<KnownKey>> LoadKnown(postgres::Pool& pool) {
  ASSIGN_OR_RETURN(const postgres::Pool::Handle connection, pool.Acquire());
  ASSIGN_OR_RETURN(const Result rows, connection->Execute(keys::kListRootKeys));
  std::vector<KnownKey> known;
  for (int r = 0; r < rows.rows(); ++r) {
    known.push_back(
        {rows.Get<std::string>(r, 0), rows.Get<std::string>(r, 1), rows.Get<std::string>(r, 2)});
  }
  return known;
}

absl::Status Refuse(std::string_view reason, const std::string& id, std::string message) {
  return WithReason(absl::FailedPreconditionError(std::move(message)), reason, {{"root_key", id}});
}

absl::Status CheckOne(const KnownKey& known, const RootKeyring& keyring) {
  const RootKey* key = keyring.Find(known.id);
  if (known.state == "destroyed") {
    if (key != &keyring.active()) return absl::OkStatus();
    return Refuse("ROOT_KEY_DESTROYED", known.id,
                  fmt::format("{} was retired after a rotation and can't be used again; set "
                              "PENSTOCK_CONNECTOR_ROOT_KEY to the new one",
                              key->Describe()));
  }
  if (key == nullptr) {
    return Refuse("ROOT_KEY_MISSING", known.id,
                  fmt::format("secrets in the database are under the root key {}, which is not at "
                              "hand: give it as PENSTOCK_CONNECTOR_ROOT_KEY, or, after a change, "
                              "among PENSTOCK_CONNECTOR_PREVIOUS_ROOT_KEYS",
                              known.id));
  }
  const absl::StatusOr<crypto::Secret> constant =
      key->Unwrap(known.check_value, AssociatedOf(*key));
  if (constant.ok() && constant->Reveal() == kConstant) return absl::OkStatus();
  if (!constant.ok() && !absl::IsDataLoss(constant.status())) return constant.status();
  return Refuse(
      "ROOT_KEY_WRONG", known.id,
      fmt::format("{} is not the root key that this database was used with", key->Describe()));
}

}  // namespace

absl::Status CheckRootKeys(postgres::Pool& pool, const RootKeyring& keyring) {
  ASSIGN_OR_RETURN(const std::vector<KnownKey> known, LoadKnown(pool));
  const RootKey& active = keyring.active();
  bool is_active = false;
  for (const KnownKey& key : known) {
    RETURN_IF_ERROR(CheckOne(key, keyring));
    is_active |= key.id == active.id() && key.state == "active";
  }
  if (is_active) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string check_value,
                   active.Wrap(crypto::Secret(kConstant), AssociatedOf(active)));
  return postgres::RunInTransaction(pool, {}, [&](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute(keys::kDemoteRootKeys, Params().Add(active.id())).status());
    return connection
        .Execute(keys::kPutRootKey, Params().Add(active.id()).Add(postgres::Bytes{check_value}))
        .status();
  });
}

}  // namespace penstock::connector
