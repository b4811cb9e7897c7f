// Grants of one tenant on a real database, in front of an authorization server that does what a
// test says.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"
#include "services/connector/oauth/testing/refresher_kit.h"
#include "services/connector/testing/authorization_server.h"

namespace penstock::connector::testing {

class GrantFixture {
 public:
  GrantFixture();
  ~GrantFixture();

  // With the lease and the patience of tests.
  std::unique_ptr<RefresherKit> MakeKit(RefreshOptions options = {});
  RefresherKit& kit() { return *kit_; }
  Refresher& refresher() { return kit_->refresher; }

  // A grant that was authorized, with tokens of the server; `more` is merged into its config.
  GrantId AddGrant(std::string_view more = "{}");
  // One that nobody has authorized yet.
  GrantId AddPendingGrant(std::string_view more = "{}",
                          const std::vector<std::string>& scopes = {"read"});
  void PutClientSecret(std::string_view field, std::string_view value);

  // What time would do, at once: the access token is due, and has ended unless it is `good`.
  enum class Token { kGood, kEnded };
  void MakeDue(GrantId id, Token token = Token::kEnded);
  // The lease and the rest after a failure are over.
  void EndWaits(GrantId id);

  absl::StatusOr<AccessToken> Get(GrantId id, absl::Duration patience = absl::Seconds(30));
  Grant Load(GrantId id);
  std::string Secret(GrantId id, std::string_view field);  // empty = none
  // States of the grant's token requests, oldest first: "succeeded",
  // "unknown:provider_unavailable".
  std::vector<std::string> Journal(GrantId id);
  // "active>degraded:provider_unavailable"
  std::vector<std::string> Changes(GrantId id);
  int64_t Count(const std::string& sql);
  void Execute(const std::string& sql);

  penstock::testing::TestDatabase database;
  RealClock clock;
  AuthorizationServer server{clock};
  penstock::testing::TestTenant tenant;
  Uuid connector;
  std::string spool_directory;

 private:
  std::unique_ptr<RefresherKit> kit_;
  std::unique_ptr<postgres::Connection> superuser_;
};

}  // namespace penstock::connector::testing
