#include "services/connector/providers/storage/providers.h"

#include <catch2/catch.hpp>

#include "google/protobuf/util/message_differencer.h"
#include "libs/postgres/sqlstate.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/prepare_all.h"
#include "libs/testing/tenants.h"
#include "services/connector/providers/storage/provider_queries.h"
#include "services/connector/providers/testing/sample_provider.h"

namespace penstock::connector::storage {
namespace {

using connector::testing::SampleProvider;
using penstock::testing::Check;
using postgres::Role;

struct Fixture {
  Fixture() : tenant(penstock::testing::CreateTenant(database).tenant) {
    connection = database.Connect(Role::kServer);
    Check(connection->Execute(postgres::kBegin).status(), "begin");
    Check(connection
              ->Execute({"set", "SELECT set_config('app.tenant_id', $1, true)"},
                        postgres::Params().Add(tenant.ToString()))
              .status(),
          "set the tenant");
  }
  absl::Status Insert(const std::string& id) {
    v1::Provider provider = SampleProvider();
    provider.set_id(id);
    return InsertProvider(*connection, tenant, provider);
  }

  penstock::testing::TestDatabase database;
  TenantId tenant;
  std::unique_ptr<postgres::Connection> connection;
};

TEST_CASE_METHOD(Fixture, "every query prepares against the schema") {
  CHECK(penstock::testing::PrepareAll(*database.Connect(Role::kServer), kAllProviderQueries) ==
        absl::OkStatus());
}

TEST_CASE_METHOD(Fixture, "what is kept is what was given, with origin and times") {
  Check(InsertProvider(*connection, tenant, SampleProvider()), "insert");
  v1::Provider loaded =
      Check(LoadProvider(*connection, tenant, "acme-erp", ProviderLock::kNone), "load");
  CHECK(loaded.origin() == v1::Provider::ORIGIN_TENANT);
  CHECK(loaded.has_create_time());
  loaded.clear_origin();
  loaded.clear_create_time();
  loaded.clear_update_time();
  CHECK(google::protobuf::util::MessageDifferencer::Equals(loaded, SampleProvider()));
}

TEST_CASE_METHOD(Fixture,
                 "rows are listed in the order of bytes, after a place, without the release's") {
  for (const char* id : {"b1", "ab", "a-b", "slack", "a9"}) Check(Insert(id), id);
  const auto ids = [&](const std::string& after, const ProviderQuery& query, int limit) {
    std::vector<std::string> found;
    for (const auto& p :
         Check(ListProviders(*connection, tenant, after, {"slack"}, query, limit), "list")) {
      found.push_back(p.id());
    }
    return found;
  };
  CHECK(ids("", {}, 10) == std::vector<std::string>{"a-b", "a9", "ab", "b1"});
  CHECK(ids("a9", {}, 1) == std::vector<std::string>{"ab"});
  CHECK(ids("", {.category = "erp"}, 10).size() == 4);
  CHECK(ids("", {.category = "crm"}, 10).empty());
  CHECK(ids("", {.auth_type = "custom"}, 10).size() == 4);
  CHECK(ids("", {.auth_type = "hmac"}, 10).empty());
  CHECK(Check(CountProviders(*connection, tenant, {"slack"}, {}), "count") == 4);
  CHECK(Check(CountProviders(*connection, tenant, {}, {.category = "erp"}), "count") == 5);
}

TEST_CASE_METHOD(Fixture, "an id is there once") {
  Check(Insert("acme-erp"), "insert");
  const absl::Status again = Insert("acme-erp");
  CHECK(absl::IsAlreadyExists(again));
  CHECK(postgres::ConstraintOf(again) == "providers_pkey");
}

TEST_CASE_METHOD(Fixture, "the database refuses an id of another form") {
  const absl::Status refused = Insert("Acme");
  CHECK(postgres::ConstraintOf(refused) == "providers_id_form");
}

TEST_CASE_METHOD(Fixture, "a deleted provider is gone") {
  Check(Insert("acme-erp"), "insert");
  CHECK(Check(DeleteProvider(*connection, tenant, "acme-erp"), "delete"));
  CHECK_FALSE(Check(DeleteProvider(*connection, tenant, "acme-erp"), "delete"));
  CHECK(absl::IsNotFound(
      LoadProvider(*connection, tenant, "acme-erp", ProviderLock::kForChange).status()));
}

}  // namespace
}  // namespace penstock::connector::storage
