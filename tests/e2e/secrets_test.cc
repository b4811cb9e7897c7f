// Nothing that lets somebody in may be where somebody reads: logs at their most talkative, errors,
// metrics, and all that the database has on disk.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "libs/testing/check.h"
#include "tests/e2e/people.h"
#include "tests/e2e/third_party.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

namespace v1 = tenancy::v1;
using testing::Check;

constexpr char kTenant[] = "test-client";
constexpr char kPassword[] = "planted-password-one";

// What must not be found, and what was said.
struct Planted {
  std::set<std::string> secrets;
  std::string said;

  template <typename T>
  void Note(const absl::StatusOr<T>& answer) {
    said += answer.status().ToString() + "\n";
  }
  v1::Tokens Keep(const absl::StatusOr<v1::Tokens>& tokens) {
    const v1::Tokens kept = Check(tokens, "tokens");
    secrets.insert(kept.access_token());
    secrets.insert(kept.refresh_token());
    // The part that matters, should the rest be cut off.
    secrets.insert(kept.access_token().substr(kept.access_token().rfind('.') + 1));
    secrets.insert(kept.refresh_token().substr(46));
    return kept;
  }
};

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void SignInAndOut(People& people, Planted& planted) {
  const auto created = Check(people.Create("ada@example.com", v1::ROLE_ADMIN), "create");
  planted.secrets.insert(created.temporary_password());
  planted.Note(people.Login(kTenant, "ada@example.com", "planted-wrong-password"));
  planted.Note(people.Login(kTenant, "nobody@example.com", "planted-wrong-password"));
  planted.Note(people.Login(kTenant, "ada@example.com", created.temporary_password()));
  planted.Note(
      people.ChangePassword(kTenant, "ada@example.com", "planted-wrong-password", kPassword));
  planted.Note(people.ChangePassword(kTenant, "ada@example.com", created.temporary_password(),
                                     "planted-sho"));
  planted.Note(people.ChangePassword(kTenant, "ada@example.com", created.temporary_password(),
                                     std::string(2000, '!') + "planted-huge"));
  planted.Note(people.Login(kTenant, std::string("a\0b", 3), kPassword));
  planted.Keep(
      people.ChangePassword(kTenant, "ada@example.com", created.temporary_password(), kPassword));
  const v1::Tokens tokens = planted.Keep(people.Login(kTenant, "ada@example.com", kPassword));
  planted.Keep(people.Refresh(tokens.refresh_token()));
  planted.Note(people.Refresh(tokens.refresh_token()));
  planted.Note(people.Refresh("rt_planted-malformed-token"));
}

void UseCredentials(Deployment& deployment, People& people, Planted& planted) {
  const auto key = Check(people.CreateKey("planted", v1::ROLE_ADMIN), "key");
  planted.secrets.insert(key.key());
  planted.secrets.insert(key.key().substr(16));
  const v1::Tokens tokens = planted.Keep(people.Login(kTenant, "ada@example.com", kPassword));
  const std::vector<std::string> credentials = {key.key(),
                                                tokens.access_token(),
                                                key.key() + "x",
                                                tokens.access_token() + "x",
                                                "pk_live_planted-malformed-key",
                                                "planted-unknown-credential",
                                                tokens.refresh_token(),
                                                kPassword};
  for (const std::string& credential : credentials) {
    const std::unique_ptr<Clients> clients = deployment.CallerWithKey(credential);
    People caller(*clients);
    planted.Note(clients->Call(&WorkflowService::Stub::ListWorkflows, clients->workflows(),
                               workflow::v1::ListWorkflowsRequest()));
    planted.Note(caller.GetTenant());
    planted.Note(caller.Create("ada@example.com", v1::ROLE_OWNER));
  }
  // In a webhook's headers, where it has no business.
  Check(
      harness::PostJson(deployment.WebhookUrl("none"), "{}", {"Authorization: Bearer " + key.key()})
          .status(),
      "webhook");
}

// A third party that repeats what it was sent: in the body, a header, and an error.
ThirdParty::Answer Repeat(const egress::ReceivedRequest& request) {
  const std::string key = request.headers.at("authorization");
  return {.status = request.target == "/fail" ? 400 : 200,
          .body = nlohmann::json{{"you", "sent"}, {"it", key}, {"at", request.target}}.dump(),
          .more_headers = "Content-Type: application/json\r\nX-Echo: " + key + "\r\n"};
}

void UseConnectors(Clients& clients, Planted& planted) {
  using Stub = connector::v1::ConnectorService::Stub;
  const ThirdParty third_party(Repeat);
  const auto note = [&](const auto& answer) {
    planted.Note(answer);
    if (answer.ok()) planted.said += ToJson(*answer).dump() + "\n";
  };
  connector::v1::CreateConnectorRequest create;
  create.mutable_connector()->set_name("planted");
  create.mutable_connector()->set_service_name("example");
  create.mutable_connector()->set_auth_type("bearer");
  create.mutable_connector()->set_base_url(third_party.base_url());
  (*create.mutable_secrets())["token"] = "planted-connector-token";
  const auto made =
      Check(clients.Call(&Stub::CreateConnector, clients.connectors(), create), "create");
  note(absl::StatusOr(made));
  create.mutable_connector()->set_name("planted wrong");
  (*create.mutable_secrets())["other"] = "planted-connector-misplaced";
  note(clients.Call(&Stub::CreateConnector, clients.connectors(), create));
  connector::v1::SetConnectorSecretsRequest set;
  set.set_id(made.id());
  (*set.mutable_secrets())["token"] = "planted-connector-token-two\r\n";
  note(clients.Call(&Stub::SetConnectorSecrets, clients.connectors(), set));
  connector::v1::TestConnectorRequest test;
  test.set_id(made.id());
  note(clients.Call(&Stub::TestConnector, clients.connectors(), test));
  for (const char* path : {"/works", "/fail", "//elsewhere"}) {
    connector::v1::FetchDataRequest fetch;
    fetch.set_id(made.id());
    fetch.set_resource_path(path);
    note(clients.Call(&Stub::FetchData, clients.connectors(), fetch));
    fetch.set_accept_error_status(true);
    note(clients.Call(&Stub::FetchData, clients.connectors(), fetch));
  }
  CHECK(planted.said.find("[redacted]") != std::string::npos);  // it was repeated
}

TEST_CASE(
    "no password, token or key is in a log, an error, a metric or the files of the database") {
  const harness::Environment talkative = {{"PENSTOCK_LOG_LEVEL", "debug"}};
  std::unique_ptr<Deployment> deployment =
      Check(Deployment::Start({.connectors = true,
                               .engine_settings = talkative,
                               .interfaces_settings = talkative,
                               .connector_settings = talkative}),
            "start");
  People people(deployment->clients());
  Planted planted;
  planted.secrets = {kPassword,           "planted-wrong-password", "planted-sho",
                     "planted-huge",      "planted-malformed",      "planted-unknown",
                     "planted-connector", deployment->api_key()};
  SignInAndOut(people, planted);
  UseCredentials(*deployment, people, planted);
  UseConnectors(deployment->clients(), planted);
  for (harness::Service* service :
       {&deployment->engine(), &deployment->interfaces(), &deployment->connectors()}) {
    const std::string metrics =
        Check(harness::Call({.url = service->AdminUrl("/metrics")}), "metrics").body;
    CHECK(metrics.find("penstock_rpc_finished_total") != std::string::npos);
    planted.said += metrics;
  }
  CHECK(planted.said.find("is wrong") != std::string::npos);
  Check(deployment->interfaces().Stop().status(), "stop");
  Check(deployment->engine().Stop().status(), "stop");
  Check(deployment->connectors().Stop().status(), "stop");
  int files = 0;
  bool found_what_is_no_secret = false;
  std::string log_text = Contents(deployment->interfaces().log_file());
  CHECK(log_text.find("AuthService/Login") != std::string::npos);  // talkative indeed
  for (const std::string& secret : planted.secrets) {
    INFO(secret);
    CHECK(planted.said.find(secret) == std::string::npos);
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(deployment->directory())) {
    if (!entry.is_regular_file()) continue;
    const std::string contents = Contents(entry.path());
    ++files;
    found_what_is_no_secret |= contents.find("ada@example.com") != std::string::npos;
    // The owner's first key was printed for the owner to read.
    const bool is_printed_key = entry.path().filename() == "migrate.log";
    for (const std::string& secret : planted.secrets) {
      if (is_printed_key && secret == deployment->api_key()) continue;
      if (contents.find(secret) == std::string::npos) continue;
      FAIL_CHECK(secret << " is in " << entry.path());
    }
  }
  CHECK(files > 100);
  CHECK(found_what_is_no_secret);  // so a secret would have been found as well
}

}  // namespace
}  // namespace penstock::e2e
