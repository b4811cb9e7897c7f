// API keys looked up in the database (tenancy.find_api_key), with a bounded cache: known keys for 5
// s, unknown ones for 2 s, so that a revoked key dies within seconds. Concurrent calls with one key
// make one look-up.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/authenticator.h"
#include "libs/clock/clock.h"

namespace penstock::auth {

// What the database knows about a key.
struct ApiKeyRecord {
  TenantId tenant;
  ApiKeyId api_key;
  UserId user;  // nil when none
  std::optional<ProjectId> project;
  Role role = Role::kViewer;
  absl::Time expires_at = absl::InfiniteFuture();
};

// Finds a key by its hash: none when unknown, revoked or expired. Blocks at most until the
// deadline.
using FindApiKey = std::function<absl::StatusOr<std::optional<ApiKeyRecord>>(std::string_view hash,
                                                                             absl::Time deadline)>;

class ApiKeyAuthenticator final : public Authenticator {
 public:
  struct Options {
    absl::Duration known_ttl = absl::Seconds(5);
    absl::Duration unknown_ttl = absl::Seconds(2);
    size_t max_entries = 10'000;
  };

  ApiKeyAuthenticator(FindApiKey find, const Clock& clock, Options options);
  ApiKeyAuthenticator(FindApiKey find, const Clock& clock)
      : ApiKeyAuthenticator(std::move(find), clock, Options()) {}
  ~ApiKeyAuthenticator() override;

  bool Recognizes(std::string_view credential) const override;
  absl::StatusOr<CallContext> Authenticate(std::string_view credential,
                                           absl::Time deadline) const override;
  std::optional<absl::StatusOr<CallContext>> TryAuthenticate(
      std::string_view credential) const override;

  // The keys used since the last call, for last_used_at.
  struct Used {
    TenantId tenant;
    ApiKeyId api_key;
    absl::Time at;
  };
  std::vector<Used> TakeUsed();

  // Keys remembered right now, known and unknown.
  size_t size() const;

 private:
  class Cache;
  const FindApiKey find_;
  const std::unique_ptr<Cache> cache_;
};

}  // namespace penstock::auth
