// A service refuses to start on a setting it does not know or can't parse, and says which.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "libs/testing/check.h"
#include "tests/harness/child_process.h"
#include "tests/harness/service.h"

namespace penstock::e2e {
namespace {

struct Refusal {
  bool ended_badly;
  std::string said;
};

Refusal StartWith(const std::string& program, const harness::Environment& settings) {
  char log[] = "/tmp/penstock-settings-XXXXXX";
  close(mkstemp(log));
  auto child =
      testing::Check(harness::ChildProcess::Start({.program = harness::ProgramPath(program),
                                                   .arguments = {},
                                                   .environment = settings,
                                                   .log_file = log}),
                     program);
  int status = testing::Check(child->Wait(absl::Seconds(20)), program + " should have ended");
  std::ifstream file(log);
  std::string said{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  unlink(log);
  return {WIFEXITED(status) && WEXITSTATUS(status) != 0, said};
}

TEST_CASE("an unknown setting is refused by name") {
  for (const char* program :
       {"services/connector/connector-service", "services/workflow_engine/workflow-engine",
        "services/interfaces/interfaces-service"}) {
    Refusal refusal = StartWith(program, {{"PENSTOCK_GRPC_ADRESS", "127.0.0.1:1"}});
    INFO(refusal.said);
    CHECK(refusal.ended_badly);
    CHECK(refusal.said.find("PENSTOCK_GRPC_ADRESS") != std::string::npos);
  }
}

TEST_CASE("every missing or unparsable setting is named at once") {
  Refusal refusal =
      StartWith("services/workflow_engine/workflow-engine",
                {{"PENSTOCK_ENGINE_GROUPS", "some"}, {"PENSTOCK_ENGINE_HEARTBEAT", "often"}});
  INFO(refusal.said);
  CHECK(refusal.ended_badly);
  for (const char* name :
       {"PENSTOCK_ENGINE_GROUPS", "PENSTOCK_ENGINE_HEARTBEAT", "PENSTOCK_SERVICE_KEY_FILE",
        "PENSTOCK_TOKEN_KEY_DIR", "PENSTOCK_ROOT_KEY_FILE"}) {
    CHECK(refusal.said.find(name) != std::string::npos);
  }
}

TEST_CASE("a missing secret is named with every place looked at") {
  for (const char* program :
       {"services/connector/connector-service", "services/workflow_engine/workflow-engine",
        "services/interfaces/interfaces-service"}) {
    Refusal refusal = StartWith(program, {{"SECRET_FS_BASE_PATH", "/tmp"}});
    INFO(refusal.said);
    CHECK(refusal.ended_badly);
    for (const std::string name : {"PENSTOCK_SERVICE_KEY", "DB_PASSWORD_SERVER"}) {
      CHECK(refusal.said.find("the environment variable " + name + ", the file /tmp/" + name) !=
            std::string::npos);
    }
  }
}

TEST_CASE("a Vault that is away stops every program, which says so") {
  for (const char* program :
       {"services/workflow_engine/workflow-engine", "services/interfaces/interfaces-service",
        "services/migrate/penstock-migrate"}) {
    Refusal refusal = StartWith(program, {{"SECRET_READ_CHAIN", "vault"},
                                          {"VAULT_ADDR", "http://127.0.0.1:1"},
                                          {"VAULT_TOKEN", "planted-token"},
                                          {"VAULT_RETRY_TIMEOUT", "0s"}});
    INFO(refusal.said);
    CHECK(refusal.ended_badly);
    CHECK(refusal.said.find("Vault at http://127.0.0.1:1 can't be asked") != std::string::npos);
    CHECK(refusal.said.find("planted") == std::string::npos);
  }
}

TEST_CASE("wrong settings of the database are named with the others") {
  for (const char* program :
       {"services/connector/connector-service", "services/workflow_engine/workflow-engine",
        "services/interfaces/interfaces-service"}) {
    Refusal refusal = StartWith(program, {{"PENSTOCK_GRPC_MAX_MESSAGE_BYTES", "much"},
                                          {"DB_PORT", "fifty"},
                                          {"DB_POOL_MAX", "many"}});
    INFO(refusal.said);
    CHECK(refusal.ended_badly);
    for (const char* name :
         {"PENSTOCK_GRPC_MAX_MESSAGE_BYTES", "DB_PORT", "DB_POOL_MAX", "DB_PASSWORD_SERVER"}) {
      size_t first = refusal.said.find(std::string("  ") + name + ":");
      CHECK(first != std::string::npos);
      CHECK(refusal.said.find(std::string("  ") + name + ":", first + 1) == std::string::npos);
    }
  }
}

}  // namespace
}  // namespace penstock::e2e
