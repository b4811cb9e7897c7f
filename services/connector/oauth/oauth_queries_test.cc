#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/prepare_all.h"
#include "services/connector/oauth/oauth_queries.h"

namespace penstock::connector {
namespace {

TEST_CASE("every query prepares against the schema") {
  penstock::testing::TestDatabase database;
  CHECK(penstock::testing::PrepareAll(*database.Connect(postgres::Role::kServer),
                                      oauth_queries::kAllOauthQueries) == absl::OkStatus());
}

}  // namespace
}  // namespace penstock::connector
