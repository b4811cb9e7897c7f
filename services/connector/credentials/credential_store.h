// Secrets of connectors: stored sealed, opened for one use at a time. Open is the only function of
// the whole system that gives one out, and it does so after the audit row of that use is committed.
//
//   Open ──► read, unseal ──► audit row committed ──► value
//     │          │ missing, damaged      │ failed or in doubt
//     │          ▼                       ▼
//     └──► row "refused" ──► error   error; the value is wiped
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/crypto/secret.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/credentials.h"
#include "services/connector/credentials/secret_source.h"
#include "services/connector/credentials/use.h"
#include "services/connector/credentials/use_recorder.h"
#include "services/connector/keys/tenant_keys.h"

namespace penstock::connector {

struct Opened {
  Credentials credentials;
  UseId use;
  std::map<std::string, int64_t, std::less<>> versions;  // of each field
};

enum class UseOutcome {
  kSucceeded,
  kRejected,  // the third party does not take the credential
  kFailed,    // for another reason, or it can't be reached
  kBlocked,   // not sent: our own rules
  kUnknown,   // sent, and no answer came
};
std::string_view UseOutcomeName(UseOutcome outcome);

enum class KeepPrevious { kNo, kYes };

struct PutOptions {
  KeepPrevious keep = KeepPrevious::kNo;
  std::map<std::string, absl::Time> expire_at = {};  // by field, of those that say so
};

struct FieldInfo {
  std::string name;
  int64_t version = 0;  // grows with each change; says nothing else
  absl::Time updated_at = {};
  std::optional<absl::Time> expire_at = {};  // where the value says so
};
using FieldsByOwner = std::map<Uuid, std::vector<FieldInfo>>;

class CredentialStore {
 public:
  // All outlive it. `vault` may be null: then nothing can be opened from there.
  CredentialStore(postgres::Pool& pool, TenantKeys& keys, UseRecorder& recorder,
                  std::unique_ptr<SecretSource> vault, const Clock& clock);
  ~CredentialStore();

  // Makes the tenant's key ready, which may take a call to Vault: before the transaction of Put.
  absl::Status Prepare(TenantId tenant);

  // The rest runs in the caller's transaction, which is the tenant's (postgres::Scope).
  //
  // New versions of these fields; others stay. What was there before goes, or, when kept, can still
  // be opened with Use::previous until the next Put or ForgetPrevious. INVALID_ARGUMENT names the
  // field: its name, empty, above 64 KiB. ABORTED: put at the same time by another.
  absl::Status Put(postgres::Connection& connection, const CredentialOwner& owner,
                   std::map<std::string, crypto::Secret> values, const PutOptions& options = {});
  absl::Status ForgetPrevious(postgres::Connection& connection, const CredentialOwner& owner,
                              const std::vector<std::string>& fields);
  absl::Status Remove(postgres::Connection& connection, const CredentialOwner& owner,
                      const std::vector<std::string>& fields);
  absl::Status RemoveAll(postgres::Connection& connection, const CredentialOwner& owner);
  // Which secrets there are; never a value.
  absl::StatusOr<std::vector<FieldInfo>> Fields(postgres::Connection& connection,
                                                const CredentialOwner& owner);
  absl::StatusOr<FieldsByOwner> FieldsOfConnectors(postgres::Connection& connection,
                                                   TenantId tenant,
                                                   const std::vector<Uuid>& connectors);

  // Hold no transaction. FAILED_PRECONDITION (CREDENTIAL_MISSING, metadata field; KEY_DESTROYED),
  // ABORTED (OWNER_CHANGED), DATA_LOSS (CREDENTIAL_DAMAGED), PERMISSION_DENIED (the caller is
  // another tenant's), and whatever kept the row from being committed.
  absl::StatusOr<Opened> Open(const Use& use, absl::Time deadline);

  // Appended soon, as a row of its own; a use without one ended nobody knows how. Never waits.
  void RecordOutcome(const UseId& use, UseOutcome outcome, int http_status = 0);

 private:
  absl::StatusOr<LoadedSecrets> Load(const Use& use, absl::Time deadline);

  TenantKeys& keys_;
  UseRecorder& recorder_;
  std::unique_ptr<SecretSource> sealed_, vault_;
  const Clock& clock_;
};

}  // namespace penstock::connector
