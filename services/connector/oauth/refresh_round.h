// One holder's turn at getting a grant a new token: lease, journal, one request, outcome written
// down. No transaction and no lock is held while the provider is asked; what holds is the fence.
//
//   lease taken ──► earlier attempts without an outcome are `unknown`
//     ├──► a candidate waits: its tokens are taken, nothing is sent
//     └──► secrets opened ──► journal row committed ──► sent once ──► answered
//            ──► written with the fence
//                  ├── lease lost: kept as a candidate
//                  └── database refuses: spooled
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/postgres/pool.h"
#include "services/connector/oauth/refresh_measures.h"
#include "services/connector/oauth/token_material.h"
#include "services/connector/oauth/token_spool.h"
#include "services/connector/oauth/token_writer.h"
#include "services/connector/outbound/http_sender.h"

namespace penstock::connector {

// Where a holder may die, for tests that make it.
enum class RefreshStep { kLeased, kJournaled, kAnswered, kWritten };

struct RefreshOptions {
  std::string holder;  // names this process in the lease
  absl::Duration lease = absl::Seconds(30);
  absl::Duration request_timeout = kTokenRequestTimeout;
  // For writing the outcome down before the lease ends.
  absl::Duration margin = absl::Seconds(5);
  std::function<void(RefreshStep)> at_step = nullptr;
};

// All outlive whoever has it.
struct RefreshParts {
  postgres::Pool& pool;
  CredentialStore& credentials;
  HttpSender& sender;
  TokenSpool& spool;
  const Clock& clock;              // of deadlines and assertions; lifetimes are the database's
  std::function<double()> random;  // of [0, 1)
  RefreshMeasures& measures;
};

class RefreshRound {
 public:
  RefreshRound(const RefreshParts& parts, const RefreshOptions& options)
      : parts_(parts), options_(options), writer_(parts.pool, parts.credentials) {}

  enum class End {
    kWritten,    // the row says what came of it
    kNotHolder,  // somebody else has the lease, or the tokens have changed
    kSpooled,    // tokens came and the database did not take them: UNAVAILABLE for now
  };
  // `seen` is due. An error means that nothing was sent, or that the database could not be told
  // what came of it.
  absl::StatusOr<End> Run(const Grant& seen, const Asker& asker, absl::Time deadline);

  // Takes the tokens of a candidate that waits, if there is one; asks nobody.
  absl::Status Reconcile(TenantId tenant, GrantId grant, const Asker& asker, absl::Time deadline);

  // Stores what is spooled. Those that can't be stored now stay.
  absl::Status Replay();

 private:
  struct Held {
    Grant grant;  // with our fence
    std::vector<storage::OpenAttempt> open;
  };
  absl::StatusOr<std::optional<Held>> TakeLease(const Grant& seen);
  absl::StatusOr<bool> PromoteCandidate(const Held& held, int64_t from_version, const Asker& asker,
                                        absl::Time deadline);
  absl::StatusOr<End> Ask(const Held& held, const RefreshMaterial& material, const Asker& asker,
                          absl::Time deadline);
  absl::StatusOr<std::optional<storage::AttemptStart>> Journal(const Held& held,
                                                               storage::TokenUsed used,
                                                               absl::Time& sent_at);
  absl::StatusOr<End> TakeCandidate(Held held, const Asker& asker, absl::Time deadline);
  absl::StatusOr<End> Keep(Received received, const Asker& asker, absl::Time deadline);
  Situation SituationOf(const Held& held, const RefreshMaterial& material,
                        storage::TokenUsed used) const;
  void Release(const Held& held);
  void At(RefreshStep step) const {
    if (options_.at_step) options_.at_step(step);
  }

  const RefreshParts& parts_;
  const RefreshOptions& options_;
  TokenWriter writer_;
};

}  // namespace penstock::connector
