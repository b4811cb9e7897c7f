// Carries rotations of keys on, a batch at a time: the work of a background loop in every replica,
// of which one at a time finds the job free. Whatever a batch does is committed together with how
// far the job is, so that after a crash another goes on where it ended.
//
//   Run ─► claim (lease) ─► batch ─► batch ─► ... until this run's share of rows is used up
//            │ taken: nothing to do       └─► all tenants done ─► count what is left
//                                               0 ─► succeeded (the old keys destroyed, if asked)
//                                               some ─► another pass, or failed: unreadable
//
// Readers never wait: a row is as readable under the new key as it was under the old one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/postgres/pool.h"
#include "services/connector/keys/key_rotation.h"
#include "services/connector/keys/root_keyring.h"
#include "services/connector/keys/tenant_keys.h"

namespace penstock::connector {

class KeyRotator {
 public:
  struct Options {
    Uuid worker;                               // this replica, this start
    int batch_rows = 200;                      // in one transaction
    int rows_per_run = 2000;                   // then Run returns: the loop's period sets the rate
    absl::Duration lease = absl::Seconds(30);  // after which another takes over from one that died
  };
  // Of the admin role: rotations span tenants. All outlive it.
  KeyRotator(postgres::Pool& admin_pool, const RootKeyring& roots, TenantKeys& keys,
             const Clock& clock, Options options)
      : pool_(admin_pool), roots_(roots), keys_(keys), clock_(clock), options_(options) {}

  // The body of the loop. OK when there is nothing to do.
  absl::Status Run();

 private:
  struct Cursor {
    TenantId tenant;
    int64_t version = 0;
    int64_t done = 0, damaged = 0;  // by this batch
  };
  using Versions = std::map<int32_t, TenantKeys::Key>;

  absl::Status RunBatch(const KeyRotation& rotation, int& rows_left);
  absl::StatusOr<int> WrapUnderRoot(const KeyRotation& rotation);
  absl::StatusOr<int> MoveValues(const KeyRotation& rotation);
  absl::StatusOr<TenantKeys::Key> TargetKey(const KeyRotation& rotation);
  absl::StatusOr<TenantKeys::Key> MakeTargetKey(const KeyRotation& rotation, int32_t version);
  absl::StatusOr<Versions> ReadableKeys(TenantId tenant);
  absl::StatusOr<Cursor> MoveBatch(postgres::Connection& connection, const KeyRotation& rotation,
                                   const TenantKey& to, const Versions& from);
  absl::Status NextTenant(const KeyRotation& rotation);
  absl::Status Finish(const KeyRotation& rotation);
  absl::StatusOr<int64_t> CountLeft(postgres::Connection& connection, const KeyRotation& rotation);
  absl::Status DestroyPrevious(postgres::Connection& connection, const KeyRotation& rotation);

  postgres::Pool& pool_;
  const RootKeyring& roots_;
  TenantKeys& keys_;
  const Clock& clock_;
  const Options options_;
};

}  // namespace penstock::connector
