// Writes down what came of a token request: the row of the grant, its sealed tokens and the
// journal, in one transaction each.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/credential_store.h"
#include "services/connector/oauth/attempt_journal.h"
#include "services/connector/oauth/grant_store.h"
#include "services/connector/oauth/received.h"
#include "services/connector/oauth/recovery.h"

namespace penstock::connector {

class TokenWriter {
 public:
  // Both outlive it.
  TokenWriter(postgres::Pool& pool, CredentialStore& credentials)
      : pool_(pool), credentials_(credentials) {}

  enum class Written {
    kStored,     // the grant has new tokens
    kCandidate,  // the lease was lost; kept with the attempt, for whoever holds the grant next
    kObsolete,   // written before, or the grant has newer ones, was revoked or deleted
  };
  // Of a refresh. May be repeated with the same attempt.
  absl::StatusOr<Written> Store(const Received& received, double jitter);

  // Makes a candidate's tokens the grant's; `held` is the grant as its holder knows it, with its
  // fence. False when it was for nothing.
  absl::StatusOr<bool> Promote(const Grant& held, const storage::OpenAttempt& candidate,
                               const Credentials& tokens, double jitter);

  // Of a new authorization. Ends every lease; candidates and the previous token go.
  struct Authorized {
    TenantId tenant = {};
    GrantId grant = {};
    absl::Time sent_at = {};
    TokenAnswer answer = {};
    std::string config = {};  // becomes the grant's; empty = it stays
  };
  absl::StatusOr<Grant> StoreAuthorized(const Authorized& authorized, double jitter);

  struct Failed {
    storage::AttemptStart attempt = {};
    TokenFailure failure = {};
    Conclusion conclusion = {};
  };
  enum class Noted {
    kWritten,
    kLeaseLost,     // the grant stays as it is
    // A grant that would be lost is not: tokens came meanwhile, and the lease is still held.
    kHasCandidate,
  };
  // Ends the attempt, and the lease unless it is kept.
  absl::StatusOr<Noted> Fail(const Failed& failed);

 private:
  absl::StatusOr<Written> StoreIn(postgres::Connection& connection, const Received& received,
                                  double jitter);
  absl::Status KeepAside(postgres::Connection& connection, const Received& received);
  // `grant` is locked. The secrets and the row.
  absl::StatusOr<bool> Replace(postgres::Connection& connection, const Grant& grant,
                               GrantState next, const TokenAnswer& answer,
                               const crypto::Secret& used, bool authorized, absl::Time sent_at,
                               double jitter);
  absl::StatusOr<Noted> FailIn(postgres::Connection& connection, const Failed& failed);
  absl::Status DropCandidates(postgres::Connection& connection, const Grant& grant,
                              int64_t before_version);

  postgres::Pool& pool_;
  CredentialStore& credentials_;
};

// {"class", "provider_code", "http_status", "message", "at", "attempt_id"}: what a grant and a
// connector show of their last failure.
std::string DescribeFailure(const TokenFailure& failure, FailureClass concluded, absl::Time at,
                            const std::string& attempt_id);

}  // namespace penstock::connector
