// Carries the running rotation on until it has ended, as a replica of the service does:
// key_rotation_worker CONNINFO_ADMIN CONNINFO_SERVER ROOT_LETTERS. For tests that kill it.
#include "absl/time/clock.h"
#include "libs/clock/clock.h"
#include "libs/postgres/pool.h"
#include "libs/testing/check.h"
#include "services/connector/credentials/key_rotator.h"
#include "services/connector/credentials/testing/credential_fixture.h"

int main(int argc, char** argv) {
  using namespace penstock;
  using penstock::testing::Check;
  if (argc != 4) return 2;
  const RealClock clock;
  auto admin = Check(postgres::Pool::Create({.conninfo = argv[1]}), "admin pool");
  auto server = Check(postgres::Pool::Create({.conninfo = argv[2]}), "server pool");
  const connector::RootKeyring roots = connector::testing::KeyringOf(argv[3]);
  connector::TenantKeys keys(roots, *server, clock);
  connector::KeyRotator rotator(*admin, roots, keys, clock,
                                {.worker = Uuid::MakeV7(clock.Now()),
                                 .batch_rows = 500,
                                 .rows_per_run = 1000,
                                 .lease = absl::Seconds(1)});
  constexpr postgres::Statement kRuns{
      "runs", "SELECT EXISTS (SELECT FROM connector.key_rotations WHERE state = 'running')"};
  while (true) {
    Check(rotator.Run(), "run");
    auto connection = Check(admin->Acquire(), "connect");
    if (!Check(connection->Execute(kRuns), "look").Get<bool>(0, 0)) return 0;
    absl::SleepFor(absl::Milliseconds(20));  // the lease of one that was killed
  }
}
