#include "services/connector/providers/variables.h"

#include <catch2/catch.hpp>
#include <set>

#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/providers/testing/sample_provider.h"
#include "services/connector/providers/url_template.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::SampleProvider;
using v1::Provider;

// What people have put into the place of a subdomain to get elsewhere.
const char* const kHostile[] = {"evil.com/#",
                                "evil.com/",
                                "evil.com#",
                                "evil.com?",
                                "evil.com\\",
                                "evil.com:443/",
                                "a@evil.com",
                                "a:b@evil.com",
                                "evil.com%2f",
                                "evil.com%23",
                                "..",
                                ".",
                                "",
                                " ",
                                "a b",
                                "a\tb",
                                "a\nb",
                                "a\r\nHost: evil.com",
                                "a.b",
                                "evil.com.",
                                "{account}",
                                "EVIL",
                                "-a",
                                "a-",
                                "\xc3\xa9vil",
                                "a\xe3\x80\x82"
                                "b",
                                "[::1]",
                                "a;b",
                                "a,b",
                                "a%00b",
                                "//evil.com",
                                "https://evil.com"};

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

TEST_CASE("values and defaults fill the base URL") {
  const Provider provider = SampleProvider();
  const VariableValues values = Check(ResolveVariables(provider, {{"account", "nord"}}), "resolve");
  CHECK(Check(FillBaseUrl(provider, values), "fill") == "https://nord.acme-erp.com/api/1");
}

TEST_CASE("no value of a label leads out of it, whatever the pattern admits") {
  Provider provider = SampleProvider();
  for (const char* pattern : {"^[a-z][a-z0-9-]*$", "^(?s:.*)$"}) {
    provider.mutable_variables(0)->set_pattern(pattern);
    for (const std::string value : kHostile) {
      CAPTURE(pattern, value);
      const auto resolved = ResolveVariables(provider, {{"account", value}});
      CHECK(Fields(resolved.status()) == std::set<std::string>{"variables.account"});
    }
  }
  const std::string long_label(64, 'a');
  CHECK_FALSE(ResolveVariables(provider, {{"account", long_label}}).ok());
}

TEST_CASE("no value of a segment leads out of it, whatever the pattern admits") {
  Provider provider = SampleProvider();
  provider.mutable_variables(1)->set_pattern("^(?s:.*)$");
  for (const std::string value : {"..", ".", "a/b", "a?b", "a#b", "a\\b", "%2e%2e", "a b", "a\nb",
                                  "a;b", "a@b", "a:b", "{ledger}"}) {
    CAPTURE(value);
    CHECK_FALSE(ResolveVariables(provider, {{"account", "nord"}, {"ledger", value}}).ok());
  }
}

TEST_CASE("filling alone does not trust its values either") {
  const Provider provider = SampleProvider();
  for (const std::string value : kHostile) {
    CAPTURE(value);
    CHECK_FALSE(FillBaseUrl(provider, {{"account", value}, {"ledger", "1"}}).ok());
  }
}

TEST_CASE("a host is one of the list") {
  Provider provider = SampleProvider();
  provider.set_base_url("https://{account}/api");
  Provider::Variable& variable = *provider.mutable_variables(0);
  variable.set_kind(Provider::Variable::KIND_HOST_FROM_LIST);
  variable.set_pattern("^[a-z.-]+$");
  variable.add_values("eu.acme-erp.com");
  const auto filled = [&](const std::string& host) -> absl::StatusOr<std::string> {
    auto values = ResolveVariables(provider, {{"account", host}});
    if (!values.ok()) return values.status();
    return FillBaseUrl(provider, *values);
  };
  CHECK(Check(filled("eu.acme-erp.com"), "fill") == "https://eu.acme-erp.com/api");
  CHECK_FALSE(filled("us.acme-erp.com").ok());
  CHECK_FALSE(filled("evil.com").ok());
}

TEST_CASE("every value that is missing, unknown or wrong is named at once") {
  const Provider provider = SampleProvider();
  const auto resolved = ResolveVariables(provider, {{"ledger", "x"}, {"region", "eu"}});
  CHECK(Fields(resolved.status()) ==
        std::set<std::string>{"variables.account", "variables.ledger", "variables.region"});
}

TEST_CASE("the finished URL has to be on the provider's hosts") {
  Provider provider = SampleProvider();
  provider.mutable_hosts()->DeleteSubrange(0, 1);
  CHECK_FALSE(FillBaseUrl(provider, {{"account", "nord"}, {"ledger", "1"}}).ok());
}

TEST_CASE("an auth method becomes a connector's auth_config") {
  Provider provider = SampleProvider();
  Provider::AuthMethod& method = *provider.mutable_auth(0);
  (*method.mutable_config()->mutable_fields())["region"].set_string_value("{account}");
  (*method.mutable_config()->mutable_fields())["scope_separator"].set_string_value("{x}");
  const auto config =
      Check(FillAuthConfig(provider, method, {{"account", "nord"}, {"ledger", "1"}}), "fill");
  CHECK(config.fields().at("authorize_url").string_value() ==
        "https://nord.acme-erp.com/oauth/authorize");
  CHECK(config.fields().at("token_url").string_value() == "https://login.acme.com/oauth/token");
  CHECK(config.fields().at("region").string_value() == "nord");
  CHECK(config.fields().at("scope_separator").string_value() == "{x}");
  const auto hostile =
      FillAuthConfig(provider, method, {{"account", "evil.com/#"}, {"ledger", "1"}});
  CHECK(Fields(hostile.status()) == std::set<std::string>{"config.authorize_url"});
}

TEST_CASE("a template has variables for whole labels and segments only") {
  for (const char* text : {"https://{a}.example.com/v1/{b}", "https://{host}",
                           "https://x.example.com:443/", "https://{a}.{b}.example.com"}) {
    INFO(text);
    CHECK(UrlTemplate::Parse(text).ok());
  }
  for (const char* text : {"http://a.example.com",
                           "https://",
                           "https://example",
                           "https://{a}",
                           "https://api-{a}.example.com",
                           "https://{a}example.com",
                           "https://api.{a}.com",
                           "https://api.example.{a}",
                           "https://{a}.com",
                           "https://x.example.com/v{a}",
                           "https://x.example.com/{a}.json",
                           "https://x.example.com:8443/",
                           "https://x.example.com:{a}/",
                           "https://{a}@x.example.com/",
                           "https://u:p@x.example.com/",
                           "https://x.example.com/../a",
                           "https://x.example.com/./a",
                           "https://x.example.com//a",
                           "https://x.example.com/a?b={c}",
                           "https://x.example.com/a#b",
                           "https://x.example.com/%2e%2e/",
                           "https://x.example.com\\a",
                           "https://X.example.com/",
                           "https://127.0.0.1/",
                           "https://[::1]/",
                           "https://x.example.com/{A}",
                           "https://x.example.com/{a",
                           "https://x.example.com/ a"}) {
    INFO(text);
    CHECK((UrlTemplate::Parse(text).ok() == (std::string(text) == "https://{a}")));
  }
}

}  // namespace
}  // namespace penstock::connector
