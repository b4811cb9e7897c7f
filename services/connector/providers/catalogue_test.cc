#include "services/connector/providers/catalogue.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/providers/provider_json.h"
#include "services/connector/providers/report.h"
#include "services/connector/providers/testing/sample_provider.h"
#include "services/connector/providers/variables.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::SampleProvider;

// The day of the latest verification; `bazel run :check` holds the rows against the day it is run.
const absl::CivilDay kReleased(2026, 11, 21);

std::string Json(const v1::Provider& provider) { return Check(ProviderToJson(provider), "JSON"); }

TEST_CASE("every row of the release passes the release check") {
  REQUIRE(EmbeddedCatalogueFiles().size() >= 40);
  for (const CatalogueFile& file : EmbeddedCatalogueFiles()) {
    CHECK(ReportOn(std::string(file.name), std::string(file.json), kReleased) == "");
  }
}

TEST_CASE("rows that nobody looks at again can't be released for ever") {
  for (const CatalogueFile& file : EmbeddedCatalogueFiles()) {
    CHECK_THAT(ReportOn(std::string(file.name), std::string(file.json), kReleased + 500),
               Catch::Contains("verified_on"));
  }
}

TEST_CASE("every row of the release can be filled with its examples") {
  const Catalogue catalogue = Check(Catalogue::CreateEmbedded(), "catalogue");
  for (const v1::Provider* provider : catalogue.List()) {
    INFO(provider->id());
    VariableValues examples;
    for (const auto& variable : provider->variables())
      examples[variable.name()] = variable.example();
    const auto values = ResolveVariables(*provider, examples);
    REQUIRE(values.ok());
    const auto base = FillBaseUrl(*provider, *values);
    CHECK(base.ok());
    CHECK(base.value_or("{").find('{') == std::string::npos);
    for (const auto& method : provider->auth())
      CHECK(FillAuthConfig(*provider, method, *values).ok());
  }
}

TEST_CASE("rows are found by id and listed in its order") {
  const Catalogue catalogue = Check(Catalogue::CreateEmbedded(), "catalogue");
  REQUIRE(catalogue.Find("slack") != nullptr);
  CHECK(catalogue.Find("slack")->display_name() == "Slack");
  CHECK(catalogue.Find("slack")->origin() == v1::Provider::ORIGIN_RELEASE);
  CHECK(catalogue.Find("nobody") == nullptr);
  std::string previous;
  for (const v1::Provider* provider : catalogue.List()) {
    CHECK(previous < provider->id());
    previous = provider->id();
  }
}

TEST_CASE("a catalogue with anything wrong in it is none, and says all of it") {
  v1::Provider old_style = SampleProvider();
  old_style.clear_sources();
  const std::string good = Json(SampleProvider()), sourceless = Json(old_style);
  CHECK(Catalogue::Create({{"acme-erp.json", good}}).ok());
  const auto wrong = Catalogue::Create({{"acme-erp.json", good},
                                        {"typo.json", R"({"idd": "x"})"},
                                        {"acme-erp.json", sourceless},
                                        {"other.json", good}});
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(wrong.status()))
    fields.insert(violation.field);
  CHECK(fields == std::set<std::string>{"typo.json", "acme-erp.json: sources", "acme-erp.json",
                                        "other.json"});
}

TEST_CASE("the report names file, field and what would be right") {
  v1::Provider provider = SampleProvider();
  CHECK(ReportOn("some/where/acme-erp.json", Json(provider), kReleased) == "");
  CHECK(ReportOn("other.json", Json(provider), kReleased) ==
        "other.json: id: the file must be named acme-erp.json\n");
  provider.clear_verified_on();
  CHECK(ReportOn("acme-erp.json", Json(provider), kReleased) ==
        "acme-erp.json: verified_on: must be the day, YYYY-MM-DD, on which this was compared with "
        "the sources\n");
  CHECK_THAT(ReportOn("acme-erp.json", "{", kReleased),
             Catch::StartsWith("acme-erp.json: is no provider in JSON"));
}

}  // namespace
}  // namespace penstock::connector
