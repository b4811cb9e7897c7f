// One case a rule: the sample is right, and wrong in one thing it is refused for that thing.
#include "services/connector/providers/check_provider.h"

#include <catch2/catch.hpp>
#include <functional>

#include "google/protobuf/util/message_differencer.h"

#include "services/connector/providers/provider_json.h"
#include "services/connector/providers/testing/sample_provider.h"

namespace penstock::connector {
namespace {

using testing::SampleProvider;
using v1::Provider;

const absl::CivilDay kToday(2026, 11, 21);
const std::set<std::string, std::less<>>& ReleaseIds() {
  static const std::set<std::string, std::less<>> ids = {"slack", "github"};
  return ids;
}

std::set<std::string> Wrong(const Provider& provider, Strictness strictness = Strictness::kTenant) {
  std::set<std::string> fields;
  for (const FieldViolation& problem : CheckProvider(
           provider, {.strictness = strictness, .today = kToday, .release_ids = &ReleaseIds()})) {
    fields.insert(problem.field);
  }
  return fields;
}

google::protobuf::Value& Config(Provider& provider, int method, const std::string& key) {
  return (*provider.mutable_auth(method)->mutable_config()->mutable_fields())[key];
}

struct Rule {
  const char* name;
  const char* field;
  std::function<void(Provider&)> break_it;
};

const std::vector<Rule>& Rules() {
  using P = Provider;
  static const std::vector<Rule> rules = {
      {"an id is a slug", "id", [](P& p) { p.set_id("Acme ERP"); }},
      {"an id begins with a letter", "id", [](P& p) { p.set_id("1acme"); }},
      {"an id has two characters", "id", [](P& p) { p.set_id("a"); }},
      {"a name is there", "display_name", [](P& p) { p.clear_display_name(); }},
      {"a name is one line", "display_name", [](P& p) { p.set_display_name("a\nb"); }},
      {"a description is there", "description", [](P& p) { p.clear_description(); }},
      {"notes have a size", "notes", [](P& p) { p.set_notes(std::string(2001, 'x')); }},
      {"a category is there", "categories", [](P& p) { p.clear_categories(); }},
      {"a category is a slug", "categories[0]", [](P& p) { p.set_categories(0, "ERP!"); }},
      {"the origin is the server's", "origin", [](P& p) { p.set_origin(P::ORIGIN_RELEASE); }},
      {"times are the server's", "origin", [](P& p) { p.mutable_create_time()->set_seconds(1); }},
      {"hosts have no port", "hosts[2]", [](P& p) { p.add_hosts("a.acme.com:8443"); }},
      {"hosts have no scheme", "hosts[2]", [](P& p) { p.add_hosts("https://a.acme.com"); }},
      {"hosts are no addresses", "hosts[2]", [](P& p) { p.add_hosts("10.0.0.1"); }},
      {"hosts are no IPv6 addresses", "hosts[2]", [](P& p) { p.add_hosts("[::1]"); }},
      {"hosts have two labels", "hosts[2]", [](P& p) { p.add_hosts("intranet"); }},
      {"hosts are not a whole TLD", "hosts[2]", [](P& p) { p.add_hosts("*.com"); }},
      {"hosts are at most 50", "hosts",
       [](P& p) {
         for (int i = 0; i < 50; ++i) p.add_hosts("a.acme.com");
       }},
      {"the base URL is https", "base_url", [](P& p) { p.set_base_url("http://a.acme-erp.com"); }},
      {"the base URL is on the hosts", "base_url",
       [](P& p) { p.set_base_url("https://a.evil.com"); }},
      {"a label is covered by a wildcard", "base_url",
       [](P& p) { p.set_hosts(0, "nord.acme-erp.com"); }},
      {"the base URL has no query", "base_url",
       [](P& p) { p.set_base_url("https://a.acme-erp.com/?a=b"); }},
      {"the base URL has no other port", "base_url",
       [](P& p) { p.set_base_url("https://a.acme-erp.com:8443"); }},
      {"a variable is declared", "base_url",
       [](P& p) { p.set_base_url("https://{nobody}.acme-erp.com"); }},
      {"a variable is a whole label", "base_url",
       [](P& p) { p.set_base_url("https://x-{account}.acme-erp.com"); }},
      {"a label is no segment", "base_url",
       [](P& p) { p.set_base_url("https://x.acme-erp.com/{account}"); }},
      {"a segment is no label", "base_url",
       [](P& p) { p.set_base_url("https://{ledger}.acme-erp.com/"); }},
      {"base_url_from_token names an entry", "base_url_from_token",
       [](P& p) { p.set_base_url_from_token("instance_url"); }},
      {"a variable has a name", "variables[1].name",
       [](P& p) { p.mutable_variables(1)->set_name("Ledger"); }},
      {"a variable is declared once", "variables[2].name",
       [](P& p) { *p.add_variables() = p.variables(0); }},
      {"a variable is described", "variables[0].description",
       [](P& p) { p.mutable_variables(0)->clear_description(); }},
      {"a pattern is there", "variables[0].pattern",
       [](P& p) { p.mutable_variables(0)->clear_pattern(); }},
      {"a pattern is anchored", "variables[0].pattern",
       [](P& p) { p.mutable_variables(0)->set_pattern("[a-z]+"); }},
      {"a pattern is anchored in every branch", "variables[0].pattern",
       [](P& p) { p.mutable_variables(0)->set_pattern("^nord|[a-z]+$"); }},
      {"a pattern is RE2", "variables[0].pattern",
       [](P& p) { p.mutable_variables(0)->set_pattern("^(?=a)[a-z]+$"); }},
      {"a pattern takes little memory", "variables[0].pattern",
       [](P& p) {
         p.mutable_variables(0)->set_pattern(
             "^((([ab]{9}){9}){9})((([ab]{9}){9}){9})((([ab]{9}){9}){9})((([ab]{9}){9}){9})((([ab]{"
             "9}){9}){9})$");
       }},
      {"a pattern admits no delimiter", "variables[0].pattern",
       [](P& p) { p.mutable_variables(0)->set_pattern("^.+$"); }},
      {"a pattern of a label admits no dot", "variables[0].pattern",
       [](P& p) { p.mutable_variables(0)->set_pattern("^[a-z.]+$"); }},
      {"a kind is there", "variables[0].kind", [](P& p) { p.mutable_variables(0)->clear_kind(); }},
      {"an example matches", "variables[0].example",
       [](P& p) { p.mutable_variables(0)->set_example("NORD"); }},
      {"a default matches", "variables[1].default_value",
       [](P& p) { p.mutable_variables(1)->set_default_value("x"); }},
      {"values match", "variables[0].values[1]",
       [](P& p) {
         p.mutable_variables(0)->add_values("nord");
         p.mutable_variables(0)->add_values("9");
       }},
      {"a host list names its hosts", "variables[0].values",
       [](P& p) { p.mutable_variables(0)->set_kind(P::Variable::KIND_HOST_FROM_LIST); }},
      {"there is a way to authenticate", "auth",
       [](P& p) {
         p.clear_auth();
         p.clear_base_url_from_token();
       }},
      {"an auth type is known", "auth[1].type",
       [](P& p) { p.mutable_auth(1)->set_type("apikey"); }},
      {"an auth method has a title", "auth[1].title",
       [](P& p) { p.mutable_auth(1)->clear_title(); }},
      {"a config has what its type knows", "auth[0].config.tokenurl",
       [](P& p) { Config(p, 0, "tokenurl").set_string_value("x"); }},
      {"a config has what its type needs", "auth[0].config.client_auth",
       [](P& p) { p.mutable_auth(0)->mutable_config()->mutable_fields()->erase("client_auth"); }},
      {"a config's words are known", "auth[1].config.in",
       [](P& p) { Config(p, 1, "in").set_string_value("cookie"); }},
      {"a config's kinds are right", "auth[0].config.grace_seconds",
       [](P& p) { Config(p, 0, "grace_seconds").set_string_value("60"); }},
      {"grace has a length", "auth[0].config.grace_seconds",
       [](P& p) { p.mutable_auth(0)->mutable_config()->mutable_fields()->erase("grace_seconds"); }},
      {"an authorize URL is there for codes", "auth[0].config.authorize_url",
       [](P& p) { p.mutable_auth(0)->mutable_config()->mutable_fields()->erase("authorize_url"); }},
      {"a device URL is there for device codes", "auth[0].config.device_url",
       [](P& p) { Config(p, 0, "grant_type").set_string_value("device_code"); }},
      {"a token URL is on the hosts", "auth[0].config.token_url",
       [](P& p) { Config(p, 0, "token_url").set_string_value("https://evil.com/token"); }},
      {"a token URL is https", "auth[0].config.token_url",
       [](P& p) { Config(p, 0, "token_url").set_string_value("http://login.acme.com/token"); }},
      {"an authorize URL is on the hosts", "auth[0].config.authorize_url",
       [](P& p) {
         Config(p, 0, "authorize_url").set_string_value("https://{account}.evil.com/a");
       }},
      {"an issuer is on the hosts", "auth[0].config.issuer",
       [](P& p) { Config(p, 0, "issuer").set_string_value("https://evil.com"); }},
      {"hosts from a token are among the hosts", "auth[0].config.from_token[0].hosts",
       [](P& p) {
         (*Config(p, 0, "from_token")
               .mutable_list_value()
               ->mutable_values(0)
               ->mutable_struct_value()
               ->mutable_fields())["hosts"]
             .mutable_list_value()
             ->mutable_values(0)
             ->set_string_value("*.evil.com");
       }},
      {"a config has no secret", "auth[3].config.client_secret",
       [](P& p) {
         p.add_auth()->set_type("hmac");
         p.mutable_auth(3)->set_title("HMAC");
         Config(p, 3, "client_secret").set_string_value("s3cr3t");
       }},
      {"not in depth either", "auth[2].config.headers.X-Token",
       [](P& p) {
         (*Config(p, 2, "headers").mutable_struct_value()->mutable_fields())["X-Token"]
             .set_string_value("s");
       }},
      {"a custom method has a place for a secret", "auth[2].config",
       [](P& p) {
         (*Config(p, 2, "headers").mutable_struct_value()->mutable_fields())["X-Secret"]
             .set_string_value("");
       }},
      {"a test has a method", "test_request.method",
       [](P& p) { p.mutable_test_request()->set_method("PUT"); }},
      {"a test has a path", "test_request.path",
       [](P& p) { p.mutable_test_request()->clear_path(); }},
      {"a test's path is no URL", "test_request.path",
       [](P& p) { p.mutable_test_request()->set_path("https://evil.com/"); }},
      {"a test's path names no host", "test_request.path",
       [](P& p) { p.mutable_test_request()->set_path("//evil.com/"); }},
      {"a test's path is no user info", "test_request.path",
       [](P& p) { p.mutable_test_request()->set_path("@evil.com/"); }},
      {"a test's path does not climb", "test_request.path",
       [](P& p) { p.mutable_test_request()->set_path("/../admin"); }},
      {"a test's path has no escapes", "test_request.path",
       [](P& p) { p.mutable_test_request()->set_path("/%2e%2e/admin"); }},
      {"a test's statuses are no server errors", "test_request.ok_statuses[0]",
       [](P& p) { p.mutable_test_request()->add_ok_statuses(500); }},
      {"a predicate has a place", "test_request.ok_predicate.path",
       [](P& p) { p.mutable_test_request()->mutable_ok_predicate()->set_path("a b"); }},
      {"a predicate says what is there", "test_request.ok_predicate.equals",
       [](P& p) { p.mutable_test_request()->mutable_ok_predicate()->clear_equals(); }},
      {"a body goes with POST", "test_request.body",
       [](P& p) { p.mutable_test_request()->mutable_body()->set_bool_value(true); }},
      {"a header has a name", "default_headers.a b",
       [](P& p) { (*p.mutable_default_headers())["a b"] = "x"; }},
      {"a header has no line break", "default_headers.X",
       [](P& p) { (*p.mutable_default_headers())["X"] = "a\r\nY: b"; }},
      {"a header is no credential", "default_headers.AUTHORIZATION",
       [](P& p) { (*p.mutable_default_headers())["AUTHORIZATION"] = "x"; }},
      {"paging is said", "pagination.style", [](P& p) { p.clear_pagination(); }},
      {"paging by cursor has a parameter", "pagination.position_parameter",
       [](P& p) { p.mutable_pagination()->clear_position_parameter(); }},
      {"paging by cursor says where it is", "pagination.next_path",
       [](P& p) { p.mutable_pagination()->clear_next_path(); }},
      {"paging by cursor says so once", "pagination.next_path",
       [](P& p) { p.mutable_pagination()->set_next_from_last_item("id"); }},
      {"a cursor of the last item knows the items", "pagination.has_more_path",
       [](P& p) {
         p.mutable_pagination()->clear_next_path();
         p.mutable_pagination()->set_next_from_last_item("id");
       }},
      {"paging by link in the body says where", "pagination.next_path",
       [](P& p) {
         p.mutable_pagination()->set_style(P::Pagination::STYLE_BODY_LINK);
         p.mutable_pagination()->clear_next_path();
       }},
      {"paging by offset has a size", "pagination.size",
       [](P& p) {
         p.mutable_pagination()->set_style(P::Pagination::STYLE_OFFSET);
         p.mutable_pagination()->clear_size();
       }},
      {"a size has a parameter", "pagination.size_parameter",
       [](P& p) { p.mutable_pagination()->clear_size_parameter(); }},
      {"pages count from 0 or 1", "pagination.size",
       [](P& p) { p.mutable_pagination()->set_first_page(7); }},
      {"items are at a place", "pagination.items_path",
       [](P& p) { p.mutable_pagination()->set_items_path("a..b"); }},
      {"a signal has a status", "rate_limit.signals[0].status",
       [](P& p) { p.mutable_rate_limit()->mutable_signals(0)->clear_status(); }},
      {"a signal's header has a value", "rate_limit.signals[0].header",
       [](P& p) { p.mutable_rate_limit()->mutable_signals(0)->set_header("X-Left"); }},
      {"a retry time has a header", "rate_limit.retry_after[0].header",
       [](P& p) { p.mutable_rate_limit()->mutable_retry_after(0)->clear_header(); }},
      {"a retry time has a format", "rate_limit.retry_after[0].format",
       [](P& p) { p.mutable_rate_limit()->mutable_retry_after(0)->clear_format(); }},
      {"a verifier is known", "webhook.verifier",
       [](P& p) { p.mutable_webhook()->set_verifier("magic"); }},
      {"a signature has a header", "webhook.header",
       [](P& p) { p.mutable_webhook()->clear_header(); }},
      {"a signature has an algorithm", "webhook.algorithm",
       [](P& p) { p.mutable_webhook()->clear_algorithm(); }},
      {"a signature has an encoding", "webhook.encoding",
       [](P& p) { p.mutable_webhook()->clear_encoding(); }},
      {"a signed text has known parts", "webhook.signed_text",
       [](P& p) { p.mutable_webhook()->set_signed_text("{secret}"); }},
      {"a tolerance is at most a day", "webhook.tolerance_seconds",
       [](P& p) { p.mutable_webhook()->set_tolerance_seconds(100'000); }},
      {"there is a source", "sources", [](P& p) { p.clear_sources(); }},
      {"a source is an https page", "sources[0]",
       [](P& p) { p.set_sources(0, "http://docs.acme.com"); }},
      {"a source is a URL", "sources[0]", [](P& p) { p.set_sources(0, "the documentation"); }},
      {"there is documentation", "documentation_url", [](P& p) { p.clear_documentation_url(); }},
      {"there is a date", "verified_on", [](P& p) { p.clear_verified_on(); }},
      {"a date is a day", "verified_on", [](P& p) { p.set_verified_on("2026-02-30"); }},
      {"a date is of one form", "verified_on", [](P& p) { p.set_verified_on("1 Nov 2026"); }},
      {"a date has come", "verified_on", [](P& p) { p.set_verified_on("2026-11-22"); }},
      {"a date is not too long ago", "verified_on", [](P& p) { p.set_verified_on("2025-10-16"); }},
      {"an end is a day", "deprecates_on", [](P& p) { p.set_deprecates_on("soon"); }},
      {"an end has not come", "deprecates_on", [](P& p) { p.set_deprecates_on("2026-11-21"); }},
  };
  return rules;
}

TEST_CASE("the sample is right under both strictnesses") {
  CHECK(Wrong(SampleProvider()).empty());
  CHECK(Wrong(SampleProvider(), Strictness::kRelease).empty());
}

TEST_CASE("each rule refuses what breaks it, and names the field") {
  for (const Rule& rule : Rules()) {
    Provider provider = SampleProvider();
    rule.break_it(provider);
    INFO(rule.name);
    for (Strictness strictness : {Strictness::kTenant, Strictness::kRelease}) {
      const std::set<std::string> wrong = Wrong(provider, strictness);
      std::string all;
      for (const std::string& field : wrong) all += field + " ";
      INFO("named: " << all);
      CHECK(wrong.contains(rule.field));
    }
  }
}

TEST_CASE("a tenant's row is held to more") {
  const std::vector<Rule> rules = {
      {"it takes no id of the release", "id", [](Provider& p) { p.set_id("slack"); }},
      {"its hosts are public", "hosts[2]", [](Provider& p) { p.add_hosts("db.internal"); }},
      {"its hosts are not local", "hosts[2]", [](Provider& p) { p.add_hosts("api.localhost"); }},
      {"its wildcards cover no public suffix", "hosts[2]",
       [](Provider& p) { p.add_hosts("*.co.uk"); }},
      {"its wildcards cover no hosting", "hosts[2]",
       [](Provider& p) { p.add_hosts("*.amazonaws.com"); }},
      {"it has no NUL", "",
       [](Provider& p) { Config(p, 0, "scope_separator").set_string_value(std::string("\0", 1)); }},
      {"it is at most 32 KiB", "",
       [](Provider& p) {
         for (int i = 0; i < 100; ++i)
           p.add_sources("https://docs.acme.com/" + std::string(400, 'a'));
       }},
  };
  for (const Rule& rule : rules) {
    Provider provider = SampleProvider();
    rule.break_it(provider);
    INFO(rule.name);
    CHECK(Wrong(provider).contains(rule.field));
    CHECK_FALSE(Wrong(provider, Strictness::kRelease).contains(rule.field));
  }
}

TEST_CASE("everything that is wrong is said at once") {
  Provider provider;
  const std::set<std::string> wrong = Wrong(provider);
  for (const char* field : {"id", "display_name", "hosts", "base_url", "auth", "sources",
                            "verified_on", "pagination.style", "test_request.path"}) {
    CHECK(wrong.contains(field));
  }
}

TEST_CASE("without a day a row may be old, but must still say when it was verified") {
  Provider provider = SampleProvider();
  provider.set_verified_on("2020-01-01");
  provider.set_deprecates_on("2021-01-01");
  CHECK(CheckProvider(provider, {}).empty());
  provider.clear_verified_on();
  CHECK(CheckProvider(provider, {}).size() == 1);
}

TEST_CASE("400 days are allowed and 401 are not") {
  Provider provider = SampleProvider();
  provider.set_verified_on("2025-10-17");
  CHECK(Wrong(provider).empty());
  provider.set_verified_on("2025-10-16");
  CHECK(Wrong(provider) == std::set<std::string>{"verified_on"});
}

TEST_CASE("a field that does not exist is refused, and what is written can be read again") {
  CHECK_FALSE(ParseProvider(R"({"id": "a", "verifiedOn": "2026-11-01", "base_uri": "x"})").ok());
  CHECK_FALSE(ParseProvider("[]").ok());
  CHECK_FALSE(ParseProvider("{").ok());
  const Provider sample = SampleProvider();
  const auto again = ParseProvider(ProviderToJson(sample).value());
  REQUIRE(again.ok());
  CHECK(google::protobuf::util::MessageDifferencer::Equals(*again, sample));
}

}  // namespace
}  // namespace penstock::connector
