// Being logged in to Vault: a token, kept good for as long as it is asked for.
//
//             log in ──────────► good ──two thirds of the lease──► renew ──► good
//               ▲                 │ 403                              │ refused, or granted less
//               than └─────────────────┴──────────────────────────────────┘ asked for: near the max
//               TTL
//
// Sealed, standby and unreachable Vaults are asked again, with back-off, until the time for one
// call is over. There is no thread: a token that nobody needs may end, and the next call logs in.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/crypto/secret.h"
#include "libs/secrets/vault/login.h"
#include "libs/secrets/vault/transport.h"

namespace penstock::secrets::vault {

class Session {
 public:
  struct Options {
    Transport::Options transport;
    std::string login_namespace;
    // For one call with everything that it takes: logging in, renewing, asking again.
    absl::Duration retry_timeout = absl::Seconds(30);
    std::function<void(absl::Duration)> sleep = absl::SleepFor;
  };
  Session(Options options, LogIn log_in, const Clock& clock);

  // Vault's answer to a GET of `path` (behind /v1/) with a good token, whatever its status says:
  // but for those that may pass, which are UNAVAILABLE once the time is over, and a 403 under a
  // token that was not new, after which it logs in once and asks again. PERMISSION_DENIED: the
  // login is refused. UNAVAILABLE: Vault is away. FAILED_PRECONDITION: no credential, or TLS can't
  // be trusted. Messages hold no credential and no value. Calls queue up.
  absl::StatusOr<Reply> Get(const std::string& path, const std::string& name_space);
  // The same for a POST of JSON, which must be one that may be sent twice. Nothing that Vault
  // repeats of `body` is in a message.
  absl::StatusOr<Reply> Post(const std::string& path, const std::string& name_space,
                             const crypto::Secret& body);

 private:
  struct Token {
    crypto::Secret text;
    absl::Duration lease = absl::InfiniteDuration();
    bool renewable = false;
    absl::Time renew_at = absl::InfiniteFuture();
    absl::Time expires_at = absl::InfiniteFuture();
  };

  absl::StatusOr<Reply> Ask(Request request);
  absl::StatusOr<Reply> SendPatiently(const Request& request, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status KeepGood(absl::Time deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Renew(absl::Time deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LogInAnew(absl::Time deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LookUpOwn(crypto::Secret token, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Take(crypto::Secret text, absl::Duration lease, bool renewable)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // "Vault at https://vault.example:8200"
  std::string Name() const;

  const Options options_;
  const LogIn log_in_;
  const Clock& clock_;
  const Transport transport_;
  absl::Mutex mutex_;
  Token token_ ABSL_GUARDED_BY(mutex_);
  int logins_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace penstock::secrets::vault
