// A login and what can go wrong with it, against a Vault that is as strict as the real one.
#include "libs/secrets/vault/session.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "libs/secrets/vault/vault_fixture.h"

namespace penstock::secrets::vault {
namespace {

TEST_CASE("a secret is read with a token, an AppRole or a Kubernetes service account") {
  Fixture fixture;
  const TokenRules rules{.may_read = {kPath}};
  SECTION("AppRole") {}
  SECTION("token") {
    fixture.provider = fixture.Make(WithToken(Always(fixture.vault.MakeToken(rules))));
  }
  SECTION("token that never ends") {
    fixture.provider = fixture.Make(WithToken(
        Always(fixture.vault.MakeToken({.ttl = absl::ZeroDuration(), .may_read = {kPath}}))));
    CHECK(fixture.Read() == "planted-password");
    fixture.clock.Advance(absl::Hours(10'000));
  }
  SECTION("Kubernetes") {
    fixture.vault.AllowKubernetes("kubernetes", "penstock", "planted.jwt", rules);
    fixture.provider =
        fixture.Make(WithKubernetes("kubernetes", "penstock", Always("planted.jwt")));
  }
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.Read("SOMETHING_ELSE") == "");
}

TEST_CASE("a token is renewed at two thirds of its lease, and not before") {
  Fixture fixture({.ttl = absl::Minutes(30)});
  fixture.Read();
  fixture.clock.Advance(absl::Minutes(19));
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.vault.counts().renewals == 0);
  fixture.clock.Advance(absl::Minutes(2));
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.vault.counts().renewals == 1);
  // Past the end of the first lease.
  fixture.clock.Advance(absl::Minutes(15));
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.vault.counts().renewals == 1);
  CHECK(fixture.vault.counts().logins == 1);
}

TEST_CASE("near its max TTL a token is replaced by a new login") {
  Fixture fixture({.ttl = absl::Minutes(30), .max_ttl = absl::Minutes(45)});
  fixture.Read();
  fixture.clock.Advance(absl::Minutes(21));  // renewing gives 24 minutes instead of 30
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.vault.counts().logins == 2);
}

TEST_CASE("a token that has ended is not shown any more") {
  Fixture fixture({.ttl = absl::Minutes(30)});
  fixture.Read();
  fixture.clock.Advance(absl::Hours(2));
  const int before = fixture.vault.counts().requests;
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.vault.counts().requests == before + 2);  // a login and a read
}

TEST_CASE("a token that was taken back is followed by one login") {
  Fixture fixture;
  fixture.Read();
  fixture.vault.RevokeAllTokens();
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.vault.counts().logins == 2);
}

TEST_CASE("what a policy does not allow is said after one more login, and no storm of them") {
  Fixture fixture;
  fixture.Read();
  fixture.vault.AllowAppRole("approle", "role", "planted-secret-id", {});
  fixture.vault.RevokeAllTokens();
  const absl::Status status = fixture.StatusOf();
  CHECK(absl::IsPermissionDenied(status));
  CHECK(Says(status, kPath));
  CHECK(fixture.vault.counts().logins == 2);
  CHECK(fixture.pauses == 0);
}

TEST_CASE("a login that is refused says which, and what Vault says") {
  Fixture fixture;
  std::string words;
  SECTION("AppRole") {
    fixture.provider = fixture.Make(WithAppRole("approle", "role", Always("planted-wrong")));
    words = "refuses the AppRole login at auth/approle/login (400: invalid role or secret ID)";
  }
  SECTION("Kubernetes") {
    fixture.vault.AllowKubernetes("k8s/east", "penstock", "planted.jwt", {});
    fixture.provider = fixture.Make(WithKubernetes("k8s/east", "penstock", Always("planted.old")));
    words = "refuses the Kubernetes login at auth/k8s/east/login (403: permission denied)";
  }
  SECTION("not mounted") {
    fixture.provider = fixture.Make(WithAppRole("other", "role", Always("planted-secret-id")));
    words = "(404: no handler for route";
  }
  SECTION("token") {
    fixture.provider = fixture.Make(WithToken(Always("hvs.planted-unknown")));
    words = "does not know the token (403: 2 errors occurred:";
  }
  const absl::Status status = fixture.StatusOf();
  INFO(std::string(status.message()));
  CHECK(absl::IsPermissionDenied(status));
  CHECK(Says(status, words));
}

TEST_CASE("a credential in a file is read anew at each login") {
  Fixture fixture({.ttl = absl::Minutes(30), .renewable = false});
  const std::string path = TempFile("secret_id", "planted-secret-id\n");
  fixture.provider = fixture.Make(WithAppRole("approle", "role", FromFile(path)));
  CHECK(fixture.Read() == "planted-password");
  fixture.vault.AllowAppRole("approle", "role", "planted-second-id", {.may_read = {kPath}});
  std::ofstream(path) << "planted-second-id\n";
  fixture.clock.Advance(absl::Hours(1));
  CHECK(fixture.Read() == "planted-password");
  std::ofstream(path) << "";
  fixture.clock.Advance(absl::Hours(1));
  CHECK(fixture.Read() == "error: " + path + " is empty");
}

TEST_CASE("a Vault that is sealed, on standby or failing is asked again until it answers") {
  Fixture fixture;
  const int status = GENERATE(503, 429, 472, 473, 307, 412, 500, 502);
  CAPTURE(status);
  fixture.vault.FailNext(3, status);
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.pauses == 3);
}

TEST_CASE("asking again ends when its time is over, and says why it did not work") {
  Fixture fixture;
  fixture.vault.SetSealed(true);
  const absl::Time start = fixture.clock.Now();
  const absl::Status status = fixture.StatusOf();
  CHECK(absl::IsUnavailable(status));
  CHECK(Says(status, fixture.vault.address() + " is sealed, or down for maintenance (503)"));
  CHECK(fixture.clock.Now() - start <= absl::Seconds(30));
  CHECK(fixture.pauses >= 5);
  CHECK(fixture.pauses <= 20);
  fixture.vault.SetSealed(false);
  CHECK(fixture.Read() == "planted-password");
}

TEST_CASE("one answer that does not come is asked for again") {
  Fixture fixture;
  Session::Options options = fixture.OptionsFor(fixture.vault.address());
  options.transport.timeout = absl::Milliseconds(500);
  fixture.provider = CreateKvProvider(
      std::make_unique<Session>(
          options, WithAppRole("approle", "role", Always("planted-secret-id")), fixture.clock),
      {"kv", "app/secrets"}, "", fixture.clock, absl::ZeroDuration());
  fixture.vault.HangNext(1);
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.pauses == 1);
}

TEST_CASE("a Vault that is not there is unavailable") {
  Fixture fixture;
  fixture.provider =
      CreateKvProvider(std::make_unique<Session>(fixture.OptionsFor("http://127.0.0.1:1"),
                                                 WithToken(Always("hvs.planted")), fixture.clock),
                       {"kv", "app/secrets"}, "", fixture.clock, absl::ZeroDuration());
  CHECK(absl::IsUnavailable(fixture.StatusOf()));
}

}  // namespace
}  // namespace penstock::secrets::vault
