#include "services/interfaces/identity.h"

namespace penstock::interfaces {
namespace {

// Who waits behind more would have gone by its turn: two hashes take about 60 ms.
constexpr size_t kMaxQueuedPasswords = 100;

}  // namespace

Identity::Identity(const Config& config, rpc::Serving& serving, postgres::Pool& pool,
                   const auth::TokenKeyring& keys, const Clock& clock)
    // One turn more than signing in can take, so that an admin who makes a user never waits behind
    // it.
    : hasher_({.max_concurrent = config.password_threads + 1}),
      throttle_(config.login_throttle),
      issuer_(keys, config.token_issuer, config.access_token_lifetime, clock),
      password_threads_({.name = "password",
                         .threads = config.password_threads,
                         .max_queued = kMaxQueuedPasswords}),
      context_{pool, hasher_, clock},
      sign_in_{context_, throttle_, issuer_, config.session_lifetime},
      auth_(serving, password_threads_, sign_in_, keys),
      users_(serving, context_),
      projects_(serving, context_),
      api_keys_(serving, context_),
      tenants_(serving, context_),
      audit_(serving, context_),
      companies_(serving, context_),
      overview_(serving, context_) {}

std::vector<grpc::Service*> Identity::services() {
  return {&auth_, &users_, &projects_, &api_keys_, &tenants_, &audit_, &companies_, &overview_};
}

}  // namespace penstock::interfaces
