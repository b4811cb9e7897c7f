// What is read from Vault, and that nothing of it is said.
#include "libs/secrets/vault/kv_provider.h"

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "libs/log/sink.h"
#include "libs/secrets/vault/transport.h"
#include "libs/secrets/vault/vault_fixture.h"

namespace penstock::secrets::vault {
namespace {

TEST_CASE("a secret is read once for many names, and a failure is waited for once") {
  Fixture fixture;
  fixture.provider =
      fixture.Make(WithAppRole("approle", "role", Always("planted-secret-id")), absl::Seconds(10));
  fixture.vault.SetSealed(true);
  CHECK_FALSE(fixture.StatusOf("A").ok());
  const int requests = fixture.vault.counts().requests;
  CHECK_FALSE(fixture.StatusOf("B").ok());
  CHECK(fixture.vault.counts().requests == requests);
  fixture.vault.SetSealed(false);
  fixture.clock.Advance(absl::Seconds(11));
  CHECK(fixture.Read() == "planted-password");
  CHECK(fixture.Read("B") == "");
  CHECK(fixture.vault.counts().reads == 1);
  fixture.vault.Write("kv", "app/secrets", {{kName, "planted-rotated"}});
  fixture.clock.Advance(absl::Seconds(11));
  CHECK(fixture.Read() == "planted-rotated");
}

TEST_CASE("a value that is no text, or empty, is an error that shows none of it") {
  Fixture fixture;
  fixture.vault.Write(
      "kv", "app/secrets",
      {{"NUMBER", 8675309}, {"EMPTY", ""}, {"OBJECT", {{"planted", 1}}}, {"NULL", nullptr}});
  for (const auto& [name, words] :
       std::map<std::string, std::string>{{"NUMBER", "is of type number"},
                                          {"EMPTY", "is empty"},
                                          {"OBJECT", "is of type object"},
                                          {"NULL", "is of type null"}}) {
    const absl::Status status = fixture.StatusOf(name);
    INFO(std::string(status.message()));
    CHECK(absl::IsFailedPrecondition(status));
    CHECK(Says(status, "the key " + name + " of kv/data/app/secrets in Vault " + words));
    CHECK_FALSE(Says(status, "8675309"));
    CHECK_FALSE(Says(status, "planted"));
  }
}

TEST_CASE("login and secret have namespaces of their own") {
  Fixture fixture;
  fixture.vault.Write("kv", "app/secrets", {{kName, "planted-of-team"}}, "org/team");
  fixture.vault.AllowAppRole("approle", "role", "planted-org-id", {.may_read = {kPath}}, "org");
  Session::Options options = fixture.OptionsFor(fixture.vault.address());
  options.login_namespace = "org";
  auto make = [&] {
    return CreateKvProvider(
        std::make_unique<Session>(options, WithAppRole("approle", "role", Always("planted-org-id")),
                                  fixture.clock),
        {"kv", "app/secrets"}, "org/team", fixture.clock, absl::ZeroDuration());
  };
  fixture.provider = make();
  CHECK(fixture.Read() == "planted-of-team");
  options.login_namespace = "org/team";
  fixture.provider = make();
  CHECK(absl::IsPermissionDenied(fixture.StatusOf()));
}

TEST_CASE("TLS is checked against the CA file") {
  testing::SimulatedClock clock;
  egress::TlsIdentity identity;
  FakeVault vault(clock, &identity);
  vault.Write("kv", "app/secrets", {{kName, "planted-password"}});
  const std::string token = vault.MakeToken({.may_read = {kPath}});
  auto find = [&](const std::string& ca_file) {
    Session::Options options;
    options.transport = {.address = vault.address(), .ca_file = ca_file};
    options.sleep = [](absl::Duration) { FAIL("a certificate does not get better by waiting"); };
    return CreateKvProvider(std::make_unique<Session>(options, WithToken(Always(token)), clock),
                            {"kv", "app/secrets"}, "", clock, absl::ZeroDuration())
        ->Find(kName);
  };
  auto trusted = find(identity.certificate_file());
  REQUIRE(trusted.ok());
  CHECK((*trusted)->Reveal() == "planted-password");
  const absl::Status status = find("").status();
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(Says(status, "its certificate can't be trusted"));
}

TEST_CASE(
    "no error and no log line holds a credential or a value, even of a Vault that repeats them") {
  std::string said;
  log::ScopedCapture capture([&](std::string_view line) { said += line; });
  Fixture fixture({.ttl = absl::Minutes(30)});
  fixture.vault.AllowKubernetes("kubernetes", "penstock", "planted.jwt", {});
  fixture.vault.SetEchoing(true);
  auto note = [&](Provider& provider) {
    const absl::Status status = provider.Find(kName).status();
    CHECK_FALSE(status.ok());
    said += status.ToString();
  };
  note(*fixture.Make(WithAppRole("approle", "role", Always("planted-wrong"))));
  note(*fixture.Make(WithKubernetes("kubernetes", "penstock", Always("planted.wrong.jwt"))));
  note(*fixture.Make(WithKubernetes("kubernetes", "penstock", Always("planted.jwt"))));
  note(*fixture.Make(WithToken(Always("hvs.planted-unknown"))));
  note(*fixture.Make(WithToken(Always("hvs.planted\r\nX-Vault-Namespace: other"))));
  note(*fixture.Make(WithToken(Always(fixture.vault.MakeToken({})))));
  fixture.vault.DeleteLatest("kv", "app/secrets");
  note(*fixture.provider);
  fixture.vault.SetSealed(true);
  note(*fixture.provider);
  INFO(said);
  CHECK(said.find("planted") == std::string::npos);
  CHECK(said.find("Vault") != std::string::npos);
}

TEST_CASE("a KV path is mount, /data/ and path, and nothing that climbs") {
  auto path = ParseKvPath("kv/data/app/secrets", "");
  REQUIRE(path.ok());
  CHECK(path->mount == "kv");
  CHECK(path->path == "app/secrets");
  CHECK(ParseKvPath("app/secrets", "teams/kv")->mount == "teams/kv");
  CHECK(ParseKvPath("teams/kv/data/app", "teams/kv")->path == "app");
  for (const char* wrong :
       {"app/secrets", "kv/data/", "kv/data/../x", "kv/data/a//b", "/data/a", "kv/data/a.",
        "kv/data/%2e%2e", "kv/data/a?b", "kv/data/a b", "./kv/data/a", "kv/data/a\n"}) {
    CAPTURE(wrong);
    CHECK_FALSE(ParseKvPath(wrong, "").ok());
  }
}

TEST_CASE("an address is a plain http or https URL") {
  CHECK(CheckAddress("https://vault.example:8200").ok());
  CHECK(CheckAddress("http://127.0.0.1:8200/prefix").ok());
  for (const char* wrong :
       {"vault.example:8200", "ftp://v", "https://", "https:///x", "https://u:planted@v",
        "https://v?x", "https://v#x", "https://v w", "https://v\n"}) {
    const absl::Status status = CheckAddress(wrong);
    CHECK_FALSE(status.ok());
    CHECK_FALSE(Says(status, "planted"));
  }
}

}  // namespace
}  // namespace penstock::secrets::vault
