// refresher_worker CONNINFO SPOOL TENANT GRANT CALLERS [STEP]: a process that wants the grant's
// access token, CALLERS times at once. Says "ready", waits for a line, then asks; prints one line
// for each caller: the token's version and its hash, or the error. With STEP (leased, journaled,
// answered, written) it is killed there.
#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "services/connector/oauth/testing/refresher_kit.h"

namespace penstock::connector::testing {
namespace {

int Run(char** arguments, const std::string& step) {
  const RealClock clock;
  RefreshOptions options;
  static constexpr const char* kSteps[] = {"leased", "journaled", "answered", "written"};
  options.at_step = [&](RefreshStep at) {
    if (step == kSteps[static_cast<int>(at)]) raise(SIGKILL);
  };
  RefresherKit kit(arguments[1], arguments[2], clock, options);
  const TenantId tenant = *TenantId::Parse(arguments[3]);
  const GrantId grant = *GrantId::Parse(arguments[4]);
  std::cout << "ready" << std::endl;
  std::string line;
  std::getline(std::cin, line);
  std::vector<std::string> answers(std::stoi(arguments[5]));
  std::vector<std::thread> callers;
  for (std::string& answer : answers) {
    callers.emplace_back([&] {
      const auto token = kit.refresher.Get(UseOf(tenant, grant), clock.Now() + absl::Seconds(60));
      answer = token.ok() ? fmt::format("{} {}", token->version,
                                        crypto::HexEncode(crypto::Sha256(token->token.Reveal())))
                          : token.status().ToString();
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::string& answer : answers) std::cout << answer << std::endl;
  return 0;
}

}  // namespace
}  // namespace penstock::connector::testing

int main(int count, char** arguments) {
  if (count < 6) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  return penstock::connector::testing::Run(arguments, count > 6 ? arguments[6] : "");
}
