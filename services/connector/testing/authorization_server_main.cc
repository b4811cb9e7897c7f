// authorization_server: the test double as a process of its own, for tests that kill others and for
// trying things out by hand. Prints its base URL and runs until it is killed. Refresh tokens are
// single-use; the client is "client" with the secret of the first argument.
#include <csignal>
#include <cstdio>

#include "services/connector/testing/authorization_server.h"

int main(int count, char** arguments) {
  using penstock::connector::testing::AuthorizationServer;
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before there are threads, which have it from us
  static const penstock::RealClock clock;
  AuthorizationServer server(clock);
  server.Set([&](auto& switches) {
    if (count > 1) switches.client_secret = arguments[1];
    if (count > 2) switches.redirect_uri = arguments[2];
  });
  std::printf("%s\n", server.url("").c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}
