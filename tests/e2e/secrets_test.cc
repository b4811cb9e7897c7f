// Nothing that lets somebody in may be where somebody reads: logs at their most talkative, errors,
// metrics, and all that the database has on disk.
#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "tests/e2e/people.h"
#include "tests/e2e/planted.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

namespace v1 = tenancy::v1;
using testing::Check;

constexpr char kTenant[] = "test-client";
constexpr char kPassword[] = "planted-password-one";

v1::Tokens Keep(const absl::StatusOr<v1::Tokens>& tokens, Planted& planted) {
  const v1::Tokens kept = Check(tokens, "tokens");
  planted.Plant(kept.access_token());
  planted.Plant(kept.refresh_token());
  // The part that matters, should the rest be cut off.
  planted.Plant(kept.access_token().substr(kept.access_token().rfind('.') + 1));
  planted.Plant(kept.refresh_token().substr(46));
  return kept;
}

void SignInAndOut(People& people, Planted& planted) {
  const auto created = Check(people.Create("ada@example.com", v1::ROLE_ADMIN), "create");
  planted.Plant(created.temporary_password());
  planted.NoteError(people.Login(kTenant, "ada@example.com", "planted-wrong-password"));
  planted.NoteError(people.Login(kTenant, "nobody@example.com", "planted-wrong-password"));
  planted.NoteError(people.Login(kTenant, "ada@example.com", created.temporary_password()));
  planted.NoteError(
      people.ChangePassword(kTenant, "ada@example.com", "planted-wrong-password", kPassword));
  planted.NoteError(people.ChangePassword(kTenant, "ada@example.com", created.temporary_password(),
                                          "planted-sho"));
  planted.NoteError(people.ChangePassword(kTenant, "ada@example.com", created.temporary_password(),
                                          std::string(2000, '!') + "planted-huge"));
  planted.NoteError(people.Login(kTenant, std::string("a\0b", 3), kPassword));
  Keep(people.ChangePassword(kTenant, "ada@example.com", created.temporary_password(), kPassword),
       planted);
  const v1::Tokens tokens = Keep(people.Login(kTenant, "ada@example.com", kPassword), planted);
  Keep(people.Refresh(tokens.refresh_token()), planted);
  planted.NoteError(people.Refresh(tokens.refresh_token()));
  planted.NoteError(people.Refresh("rt_planted-malformed-token"));
}

void UseCredentials(Deployment& deployment, People& people, Planted& planted) {
  const auto key = Check(people.CreateKey("planted", v1::ROLE_ADMIN), "key");
  planted.Plant(key.key());
  planted.Plant(key.key().substr(16));
  const v1::Tokens tokens = Keep(people.Login(kTenant, "ada@example.com", kPassword), planted);
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
    planted.NoteError(clients->Call(&WorkflowService::Stub::ListWorkflows, clients->workflows(),
                                    workflow::v1::ListWorkflowsRequest()));
    planted.NoteError(caller.GetTenant());
    planted.NoteError(caller.Create("ada@example.com", v1::ROLE_OWNER));
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
  for (const std::string& secret :
       {std::string(kPassword), std::string("planted-wrong-password"), std::string("planted-sho"),
        std::string("planted-huge"), std::string("planted-malformed"),
        std::string("planted-unknown"), deployment->api_key()}) {
    planted.Plant(secret);
  }
  SignInAndOut(people, planted);
  UseCredentials(*deployment, people, planted);
  for (harness::Service* service : {&deployment->engine(), &deployment->interfaces()}) {
    const std::string metrics =
        Check(harness::Call({.url = service->AdminUrl("/metrics")}), "metrics").body;
    CHECK(metrics.find("penstock_rpc_finished_total") != std::string::npos);
    planted.Note(metrics);
  }
  CHECK(planted.HasSaid("is wrong"));
  Check(deployment->interfaces().Stop().status(), "stop");
  Check(deployment->engine().Stop().status(), "stop");
  planted.CheckSaid();
  const Planted::Search search =
      planted.CheckFiles(deployment->directory(), "ada@example.com",
                         // The owner's first key was printed for the owner to read.
                         [&](const std::string& file, const std::string& secret) {
                           return file == "migrate.log" && secret == deployment->api_key();
                         });
  CHECK(search.files > 100);
  CHECK(search.found_witness);
}

}  // namespace
}  // namespace penstock::e2e
