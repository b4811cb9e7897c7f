// What is said of a connector's secrets, and what is asked of a new connector.
#include "services/connector/ops/connectors.h"

#include <catch2/catch.hpp>

#include "libs/crypto/testing/keys.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/ops/testing/calling_fixture.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using Fixture = testing::CallingFixture;

NewConnector Asked(const std::string& name, const std::string& auth_type) {
  NewConnector asked;
  asked.connector.name = name;
  asked.connector.service_name = "example";
  asked.connector.auth_type = auth_type;
  asked.connector.base_url = "https://api.example.com";
  return asked;
}

TEST_CASE_METHOD(Fixture,
                 "a list says of each connector which secrets it has, since when, until when") {
  const absl::Time end = absl::FromUnixSeconds(absl::ToUnixSeconds(time.Now())) + absl::Hours(48);
  NewConnector shows = Asked("shows", "mtls");
  shows.secrets.emplace("certificate",
                        crypto::Secret(crypto::TestCertificate(crypto::TestP256Key(),
                                                               time.Now() - absl::Hours(1), end)));
  shows.secrets.emplace("private_key", crypto::Secret(crypto::TestP256Key()));
  Check(CreateConnector(here.connectors, caller, std::move(shows)).status(), "create");
  Check(CreateConnector(here.connectors, caller, Asked("lacks", "bearer")).status(), "create");

  const auto page = Check(ListConnectors(here.connectors, caller, {}), "list");
  REQUIRE(page.items.size() == 2);
  const ConnectorView& lacks = page.items[0];
  REQUIRE(lacks.secrets.size() == 1);
  CHECK(lacks.secrets[0].field.name == "token");
  CHECK_FALSE(lacks.secrets[0].is_set);
  const ConnectorView& has = page.items[1];
  REQUIRE(has.secrets.size() == 2);
  CHECK(has.secrets[0].field.name == "certificate");
  CHECK(has.secrets[0].is_set);
  CHECK(has.secrets[0].updated_at.has_value());
  CHECK(has.secrets[0].expire_at == end);
  CHECK(has.secrets[1].is_set);
  CHECK_FALSE(has.secrets[1].expire_at.has_value());

  const ConnectorId id = has.connector.id;
  CHECK(Check(GetConnector(here.connectors, caller, id), "get").secrets[0].expire_at == end);
  const absl::Time later = end + absl::Hours(24);
  SecretValues renewed;
  renewed.emplace("certificate", crypto::Secret(crypto::TestCertificate(
                                     crypto::TestP256Key(), time.Now() - absl::Hours(1), later)));
  const ConnectorView view =
      Check(SetConnectorSecrets(here.connectors, caller, id, std::move(renewed), {}), "renew");
  CHECK(view.secrets[0].expire_at == later);
}

TEST_CASE_METHOD(Fixture, "what templates take from config_data is asked for when it is missing") {
  const auto violations = [&](const std::string& data, bool with_secret) {
    NewConnector asked = Asked("custom", "custom");
    asked.connector.auth_config =
        R"({"headers":{"X-Key":"{{secret.key}}","X-Account":"{{config.account}}"}})";
    asked.connector.config_data = data;
    if (with_secret) asked.secrets.emplace("key", crypto::Secret("k"));
    std::vector<std::string> fields;
    const absl::Status status = CreateConnector(here.connectors, caller, std::move(asked)).status();
    for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
    return fields;
  };
  const std::vector<std::string> account = {"connector.config_data.account"};
  for (const bool with_secret : {false, true}) {
    CHECK(violations("{}", with_secret) == account);
    CHECK(violations(R"({"account":{"a":1}})", with_secret) == account);
    CHECK(violations(R"({"account":""})", with_secret) == account);
  }
  CHECK(violations(R"({"account":"\u00e9"})", true) == account);  // no header may have it
  CHECK(violations(R"({"account":7})", true).empty());
}

}  // namespace
}  // namespace penstock::connector
