// The tenants' keys, unwrapped: loaded when they are needed, made when a tenant stores its first
// secret, kept for minutes in locked memory. While the root key can't be asked, those at hand are
// used for longer, up to a limit.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/postgres/pool.h"
#include "services/connector/keys/root_keyring.h"
#include "services/connector/keys/tenant_key.h"

namespace penstock::connector {

class TenantKeys {
 public:
  struct Options {
    absl::Duration fresh_for = absl::Minutes(5);
    absl::Duration keep_for = absl::Hours(1);        // while the root key can't be asked
    absl::Duration retry_after = absl::Seconds(10);  // until it is asked again
    size_t max_keys = 1000;
  };
  // All outlive it.
  TenantKeys(const RootKeyring& roots, postgres::Pool& pool, const Clock& clock, Options options);
  TenantKeys(const RootKeyring& roots, postgres::Pool& pool, const Clock& clock)
      : TenantKeys(roots, pool, clock, Options()) {}

  using Key = std::shared_ptr<const TenantKey>;
  // The key for new values, made on first use in a transaction of its own: all replicas get the
  // same. UNAVAILABLE: neither at hand nor to be had. May ask Vault: hold no transaction.
  absl::StatusOr<Key> Active(TenantId tenant);
  // For reading. FAILED_PRECONDITION (KEY_DESTROYED): it is gone for good; (ROOT_KEY_MISSING): the
  // root key over it is not at hand. DATA_LOSS: what is stored does not unwrap.
  absl::StatusOr<Key> Version(TenantId tenant, int32_t version);
  // Drops what is at hand of this tenant: it was rotated or destroyed.
  void Forget(TenantId tenant);

  struct Status {
    size_t cached = 0;
    size_t max_keys = 0;
    std::string root_problem;  // empty: the root key answered when it was last asked
    int64_t served_stale = 0;  // times that a key was used past its time, for want of the root
  };
  Status status() const;

 private:
  static constexpr int32_t kActive = 0;  // no version is 0
  using Name = std::pair<TenantId, int32_t>;
  struct Entry {
    Key key;
    absl::Time loaded_at, try_at, used_at;
  };
  struct Row {
    int32_t version;
    std::string root_key_id, wrapped, state;
  };

  absl::StatusOr<Key> Get(const Name& name);
  std::optional<Key> FindFresh(const Name& name);
  absl::StatusOr<Key> Stale(const Name& name, const absl::Status& why);
  absl::StatusOr<Key> Load(const Name& name);
  absl::StatusOr<Key> Make(TenantId tenant);
  absl::StatusOr<std::optional<Row>> LoadRow(const Name& name);
  absl::StatusOr<Key> Unwrap(TenantId tenant, const Row& row);
  void Keep(const Name& name, const Key& key);
  void NoteRoot(const absl::Status& status);

  const RootKeyring& roots_;
  postgres::Pool& pool_;
  const Clock& clock_;
  const Options options_;
  // One load of a key at a time, however many ask for it.
  std::array<absl::Mutex, 64> loading_;
  mutable absl::Mutex mutex_;
  std::map<Name, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::string root_problem_ ABSL_GUARDED_BY(mutex_);
  int64_t served_stale_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What a tenant key is wrapped with.
std::string TenantKeyAssociated(TenantId tenant, int32_t version);

}  // namespace penstock::connector
