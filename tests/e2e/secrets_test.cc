// Nothing that lets somebody in may be where somebody reads: logs at their most talkative, errors,
// metrics, and all that the database has on disk.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "libs/testing/check.h"
#include "tests/e2e/people.h"
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
  const std::string interfaces = "127.0.0.1:" + std::to_string(deployment.interfaces_port());
  const std::vector<std::string> credentials = {key.key(),
                                                tokens.access_token(),
                                                key.key() + "x",
                                                tokens.access_token() + "x",
                                                "pk_live_planted-malformed-key",
                                                "planted-unknown-credential",
                                                tokens.refresh_token(),
                                                kPassword};
  for (const std::string& credential : credentials) {
    Clients clients(deployment.EngineAddress(), interfaces, credential);
    People caller(clients);
    planted.Note(clients.Call(&WorkflowService::Stub::ListWorkflows, clients.workflows(),
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

TEST_CASE(
    "no password, token or key is in a log, an error, a metric or the files of the database") {
  const harness::Environment talkative = {{"PENSTOCK_LOG_LEVEL", "debug"}};
  std::unique_ptr<Deployment> deployment = Check(
      Deployment::Start({.engine_settings = talkative, .interfaces_settings = talkative}), "start");
  People people(deployment->clients());
  Planted planted;
  planted.secrets = {
      kPassword,           "planted-wrong-password", "planted-sho",        "planted-huge",
      "planted-malformed", "planted-unknown",        deployment->api_key()};
  SignInAndOut(people, planted);
  UseCredentials(*deployment, people, planted);
  for (harness::Service* service : {&deployment->engine(), &deployment->interfaces()}) {
    const std::string metrics =
        Check(harness::Call({.url = service->AdminUrl("/metrics")}), "metrics").body;
    CHECK(metrics.find("penstock_rpc_finished_total") != std::string::npos);
    planted.said += metrics;
  }
  CHECK(planted.said.find("is wrong") != std::string::npos);
  Check(deployment->interfaces().Stop().status(), "stop");
  Check(deployment->engine().Stop().status(), "stop");
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
