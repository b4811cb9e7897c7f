// Holds every listed strategy to the contract of strategy.h. A new one is covered the moment it is
// in builtin.cc.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "libs/egress/url.h"
#include "libs/json/schema.h"
#include "services/connector/auth/builtin.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/placeholders.h"
#include "services/connector/auth/testing/config_mutator.h"
#include "services/connector/auth/testing/planted.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

const AuthStrategies& Strategies() {
  static const AuthStrategies strategies = BuiltinAuthStrategies();
  return strategies;
}

std::string ReadmeOf(const AuthStrategy& strategy) {
  std::ifstream file("services/connector/auth/" + std::string(strategy.type()) + "/README.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The ```json blocks.
std::vector<Json> ExamplesOf(const AuthStrategy& strategy) {
  std::vector<Json> examples;
  const std::string readme = ReadmeOf(strategy);
  const std::string open = "```json\n";
  for (size_t at = readme.find(open); at != readme.npos; at = readme.find(open, at)) {
    at += open.size();
    examples.push_back(Json::parse(readme.substr(at, readme.find("```", at) - at)));
  }
  return examples;
}

std::string Checked(const AuthStrategy& strategy, const Json& config) {
  std::vector<FieldViolation> wrong;
  Strategies().Check(strategy, config, wrong);
  std::string text;
  for (const FieldViolation& violation : wrong) {
    text += violation.field + ": " + violation.description + "\n";
  }
  return text;
}

// A request that has everything a strategy may touch.
egress::HttpRequest FullRequest() {
  return {.method = "POST",
          .url = "https://api.example.com:8443/base/v1%20x?b=1&a=x%20y&api_key=mine",
          .headers = {{"Accept", "*/*"}, {"Content-Type", "application/json"}},
          .body = R"({"n": 1.50})"};
}

Try TryOf(const AuthStrategy& strategy, const Json& config) {
  Try attempt{.config = config.dump(), .request = FullRequest()};
  attempt.secrets = PlantSecrets(strategy, config, attempt.now);
  Json data = Json::object();
  for (const std::string& name : strategy.data_fields(config)) data[name] = "value-of-" + name;
  attempt.data = data.dump();
  return attempt;
}

// Each strategy with each of its examples.
void ForEachExample(const std::function<void(const AuthStrategy&, const Json&)>& body) {
  for (const auto& strategy : Strategies().all()) {
    INFO(strategy->type());
    for (const Json& config : ExamplesOf(*strategy)) {
      INFO(config.dump());
      body(*strategy, config);
    }
  }
}

// Message and payloads.
std::string AllOf(const absl::Status& status) {
  std::string text = status.ToString();
  status.ForEachPayload(
      [&](absl::string_view, const absl::Cord& payload) { text += std::string(payload); });
  return text;
}

void CheckSaysNothingOf(const absl::Status& status, const std::vector<std::string>& needles) {
  const std::string text = AllOf(status);
  for (const std::string& needle : needles) {
    INFO(needle);
    CHECK(text.find(needle) == text.npos);
  }
}

// Nothing in URL and headers that could end a line or be read as something else.
void CheckClean(const egress::HttpRequest& request) {
  CHECK(WrongText(request.url, Alphabet::kAscii) == "");
  CHECK(request.url.find(' ') == request.url.npos);
  for (const auto& [name, value] : request.headers) {
    INFO(name);
    CHECK(WrongText(name, Alphabet::kCookie) == "");
    CHECK(WrongText(value, Alphabet::kAscii) == "");
  }
  CHECK(Json::accept(request.body));
}

// ECDSA has randomness of its own.
std::string WithoutEcdsa(const Json& config, std::string text) {
  if (config.value("algorithm", "") != "ES256") return text;
  return std::regex_replace(text, std::regex("(ey[\\w-]+\\.[\\w-]+\\.)[\\w-]+"), "$1");
}

TEST_CASE("every strategy has a well formed type and describes itself") {
  REQUIRE(Strategies().all().size() == 10);
  for (const auto& strategy : Strategies().all()) {
    INFO(strategy->type());
    CHECK(std::regex_match(std::string(strategy->type()), std::regex("[a-z][a-z0-9_]{0,49}")));
    CHECK(strategy->description().size() > 10);
    CHECK(strategy->description().back() == '.');
    CHECK(Strategies().Find(strategy->type()) == strategy.get());
  }
  CHECK(Strategies().Find("no_such_strategy") == nullptr);
}

TEST_CASE("every config schema is draft 7, closed, and refuses junk") {
  for (const auto& strategy : Strategies().all()) {
    INFO(strategy->type());
    const Json& schema = strategy->config_schema();
    CHECK(schema.value("$schema", "") == "http://json-schema.org/draft-07/schema#");
    CHECK(schema.value("type", "") == "object");
    CHECK(schema.value("additionalProperties", true) == false);
    CHECK(json::Schema::Create(schema).ok());
    for (const char* junk : {"null", "1", "\"x\"", "[]"}) {
      CHECK(Checked(*strategy, Json::parse(junk)) != "");
    }
    for (Json config : ExamplesOf(*strategy)) {
      config["no_such_member"] = 1;
      CHECK(Checked(*strategy, config) != "");
    }
    for (const std::string& name : strategy->destinations(Json::object())) {
      INFO(name);
      CHECK(schema["properties"].contains(name));
    }
  }
}

TEST_CASE("every README speaks of every member and of secrets, and its examples show them all") {
  for (const auto& strategy : Strategies().all()) {
    INFO(strategy->type());
    const std::string readme = ReadmeOf(*strategy);
    CHECK(readme.rfind("# " + std::string(strategy->type()) + "\n", 0) == 0);
    CHECK(readme.find("**Secrets:**") != readme.npos);
    std::set<std::string> shown;
    const std::vector<Json> examples = ExamplesOf(*strategy);
    REQUIRE_FALSE(examples.empty());
    for (const Json& example : examples) {
      for (const auto& [name, value] : example.items()) shown.insert(name);
    }
    for (const auto& [name, member] : strategy->config_schema()["properties"].items()) {
      INFO(name);
      CHECK(readme.find("`" + name + "`") != readme.npos);
      CHECK(shown.contains(name));
    }
  }
}

TEST_CASE("every example is right, and with secrets it authenticates and is examined") {
  ForEachExample([](const AuthStrategy& strategy, const Json& config) {
    CHECK(Checked(strategy, config) == "");
    const Try attempt = TryOf(strategy, config);
    const auto request = Authenticated(strategy, attempt);
    INFO(request.status());
    REQUIRE(request.ok());
    CheckClean(*request);
    CHECK(Examined(strategy, attempt) == absl::OkStatus());
  });
}

TEST_CASE("a required secret that is missing is named") {
  ForEachExample([](const AuthStrategy& strategy, const Json& config) {
    const bool has_grant = strategy.token_need(config) == TokenNeed::kGrant;
    const auto check = [](const absl::Status& status, const std::string& field) {
      INFO(field);
      CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
      CHECK(ReasonOf(status) == "CREDENTIAL_MISSING");
      CHECK(MetadataOf(status, "field") == field);
    };
    for (const SecretField& field : strategy.secret_fields(config)) {
      Try attempt = TryOf(strategy, config);
      attempt.secrets.erase(field.name);
      if (!field.required) {
        CHECK(Authenticated(strategy, attempt).ok());
        continue;
      }
      check(Examined(strategy, attempt), field.name);
      if (!has_grant) check(Authenticated(strategy, attempt).status(), field.name);
    }
    if (has_grant) {
      Try attempt = TryOf(strategy, config);
      attempt.secrets.erase("access_token");
      check(Authenticated(strategy, attempt).status(), "access_token");
    }
  });
}

TEST_CASE("a secret with anything in it splits no header, and no error shows it") {
  const std::string evil = "\r\nX-Evil: 1";
  ForEachExample([&](const AuthStrategy& strategy, const Json& config) {
    const Try whole = TryOf(strategy, config);
    for (const auto& [field, value] : whole.secrets) {
      for (const std::string& bad :
           {value + evil, evil + value, "\n" + value, value + std::string(1, '\0') + "x",
            value + "\xff\xfe", value + "\x7f", " " + value, value + "\t", value + "\xc3\xa9",
            value.substr(0, value.size() / 2), value + value, std::string(), std::string("\r\n")}) {
        INFO(field << " = " << bad);
        Try attempt = whole;
        attempt.secrets[field] = bad;
        std::vector<std::string> needles = NeedlesOf(attempt.secrets);
        needles.push_back("X-Evil");
        const auto request = Authenticated(strategy, attempt);
        if (request.ok()) {
          CheckClean(*request);
        } else {
          CHECK(ReasonOf(request.status()) == "CREDENTIAL_INVALID");
          // A certificate that is another's shows at its key.
          CHECK(attempt.secrets.contains(MetadataOf(request.status(), "field")));
          CheckSaysNothingOf(request.status(), needles);
        }
        CheckSaysNothingOf(Examined(strategy, attempt), needles);
      }
    }
  });
}

TEST_CASE("no request makes an error show a secret") {
  ForEachExample([](const AuthStrategy& strategy, const Json& config) {
    for (const char* url :
         {"", "x", "://", "https://", "https:///p", "https://a b/", "https://h/%zz",
          "https://h/?%zz", "https://h/../x", "https://h:99999/"}) {
      for (const char* body : {"", "[]", "{", "\xff", R"({"auth":1})"}) {
        Try attempt = TryOf(strategy, config);
        attempt.request.url = url;
        attempt.request.body = body;
        CheckSaysNothingOf(Authenticated(strategy, attempt).status(), NeedlesOf(attempt.secrets));
      }
    }
  });
}

TEST_CASE("the same inputs make the same request, and the request of the caller stays in it") {
  ForEachExample([](const AuthStrategy& strategy, const Json& config) {
    const Try attempt = TryOf(strategy, config);
    const egress::HttpRequest once = Authenticated(strategy, attempt).value();
    const egress::HttpRequest again = Authenticated(strategy, attempt).value();
    CHECK(WithoutEcdsa(config, Described(once)) == WithoutEcdsa(config, Described(again)));
    CHECK(once.method == attempt.request.method);
    CHECK(HeaderOf(once, "accept") == "*/*");
    CHECK(HeaderOf(once, "content-type") == "application/json");
    CHECK(once.body.ends_with(R"("n": 1.50})"));
  });
}

TEST_CASE("no strategy changes scheme, host or port") {
  ForEachExample([](const AuthStrategy& strategy, const Json& config) {
    for (const char* url : {"https://api.example.com", "https://API.Example.com:443/x",
                            "https://h.example.com:8443?a=b", "http://127.0.0.1:9000/x#f",
                            "https://[2001:db8::1]:44/p?x=//evil.example.com"}) {
      INFO(url);
      Try attempt = TryOf(strategy, config);
      attempt.request.url = url;
      const auto request = Authenticated(strategy, attempt);
      REQUIRE(request.ok());
      const auto before = egress::Url::Parse(url), after = egress::Url::Parse(request->url);
      REQUIRE(after.ok());
      CHECK(before->SameOrigin(*after));
    }
  });
}

TEST_CASE("a dry run shows where each secret goes, and needs none") {
  ForEachExample([](const AuthStrategy& strategy, const Json& config) {
    std::vector<std::string> held;
    for (const SecretField& field : strategy.secret_fields(config)) held.push_back(field.name);
    const std::vector<std::string> fields = FieldsToShow(strategy, config, held);
    Try attempt = TryOf(strategy, config);
    attempt.secrets.clear();
    for (const std::string& field : fields) attempt.secrets[field] = Placeholder(field);
    attempt.writing = Writing::kShown;
    const auto request = Authenticated(strategy, attempt);
    INFO(request.status());
    REQUIRE(request.ok());
    const std::string shown = Described(*request);
    const bool has_grant = strategy.token_need(config) == TokenNeed::kGrant;
    for (const std::string& field : fields) {
      // Secrets of the client go to the token URL, not here.
      if (has_grant && field != "access_token") continue;
      INFO(shown);
      CHECK(shown.find("secret." + field + "}}") != shown.npos);
    }
  });
}

TEST_CASE("placeholders are made for what is asked for") {
  const Credentials credentials = PlaceholderCredentials({"api_key"});
  CHECK(credentials.Get("api_key").value() == "{{secret.api_key}}");
  CHECK(credentials.Find("token") == nullptr);
  const AuthStrategy& aws = *Strategies().Find("aws_sigv4");
  const Json config = {{"region", "r"}, {"service", "s"}};
  using Names = std::vector<std::string>;
  CHECK(FieldsToShow(aws, config, {}) == Names{"access_key_id", "secret_access_key"});
  CHECK(FieldsToShow(aws, config, {"session_token"}) ==
        Names{"access_key_id", "secret_access_key", "session_token"});
}

TEST_CASE("a secret that stands in the config is refused and not repeated") {
  ForEachExample([](const AuthStrategy& strategy, const Json& config) {
    for (const char* name : {"api_key", "password", "token", "access_token", "client_secret",
                             "private_key", "signing_secret", "secret_access_key"}) {
      Json with_secret = config;
      with_secret[name] = "PLANTED-inline";
      const std::string wrong = Checked(strategy, with_secret);
      CHECK(wrong.rfind(std::string(name) + ": looks like a secret", 0) == 0);
      CHECK(wrong.find("PLANTED") == wrong.npos);
    }
  });
}

TEST_CASE("no config makes a strategy crash, and what passes makes clean requests") {
  for (const auto& strategy : Strategies().all()) {
    INFO(strategy->type());
    const std::vector<Json> examples = ExamplesOf(*strategy);
    REQUIRE_FALSE(examples.empty());
    ConfigMutator mutator(20261121);
    for (int i = 0; i < 400; ++i) {
      const Json config = mutator.Mutate(examples[static_cast<size_t>(i) % examples.size()]);
      INFO(config.dump());
      if (Checked(*strategy, config) != "") continue;
      const Try attempt = TryOf(*strategy, config);
      const auto request = Authenticated(*strategy, attempt);
      if (request.ok()) CheckClean(*request);
      CheckSaysNothingOf(request.status(), NeedlesOf(attempt.secrets));
    }
  }
}

TEST_CASE("a type that is taken twice is refused") {
  class Named final : public AuthStrategy {
   public:
    std::string_view type() const override { return "twin"; }
    std::string_view description() const override { return "A twin."; }
    const Json& config_schema() const override { return schema_; }
    std::vector<SecretField> secret_fields(const Json&) const override { return {}; }
    absl::Status Authenticate(const AuthInputs&, egress::HttpRequest&) const override {
      return absl::OkStatus();
    }
    absl::Status Examine(const AuthInputs&) const override { return absl::OkStatus(); }

   private:
    Json schema_ = Json::object();
  };
  std::vector<std::unique_ptr<AuthStrategy>> strategies;
  strategies.push_back(std::make_unique<Named>());
  strategies.push_back(std::make_unique<Named>());
  CHECK(AuthStrategies::Create(std::move(strategies)).status().message() ==
        "two auth strategies have the type \"twin\"");
}

}  // namespace
}  // namespace penstock::connector
