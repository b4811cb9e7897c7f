#include "services/workflow_engine/engine/database_clock.h"

#include <catch2/catch.hpp>

namespace penstock::workflow_engine {
namespace {

using std::chrono::milliseconds;
using Moment = DatabaseClock::Moment;

// A database whose clock is so far ahead of the monotonic one.
struct Database {
  absl::Duration ahead;
  absl::Time At(Moment moment) const { return absl::UnixEpoch() + ahead + absl::FromChrono(moment.time_since_epoch()); }
};

// How far `clock` goes wrong; a little is the time of the comparison itself.
absl::Duration Error(const DatabaseClock& clock, const Database& database) {
  const absl::Time now = clock.Now();
  return now - database.At(std::chrono::steady_clock::now());
}

const Database kDatabase{absl::Hours(400'000)};
const Moment kStart = std::chrono::steady_clock::now();

Moment After(int64_t ms) { return kStart + milliseconds(ms); }

TEST_CASE("an answer that comes late does not put the clock behind the database") {
  DatabaseClock clock{RealClock()};
  // A commit takes 7 ms behind the reading of the time.
  clock.Set(kDatabase.At(After(0)), After(0), After(7));
  CHECK(absl::AbsDuration(Error(clock, kDatabase)) < absl::Milliseconds(4));
  // The next one is quick; what it says is kept.
  clock.Set(kDatabase.At(After(1000)), After(1000), After(1000));
  CHECK(absl::AbsDuration(Error(clock, kDatabase)) < absl::Milliseconds(1));
  clock.Set(kDatabase.At(After(2000)), After(2000), After(2040));
  CHECK(absl::AbsDuration(Error(clock, kDatabase)) < absl::Milliseconds(1));
}

TEST_CASE("a database whose clock is set is followed at once, either way") {
  for (const absl::Duration jump : {absl::Seconds(90), -absl::Seconds(90)}) {
    DatabaseClock clock{RealClock()};
    clock.Set(kDatabase.At(After(0)), After(0), After(1));
    const Database other{kDatabase.ahead + jump};
    clock.Set(other.At(After(1000)), After(1000), After(1001));
    CHECK(absl::AbsDuration(Error(clock, other)) < absl::Milliseconds(2));
  }
}

TEST_CASE("clocks that drift apart are followed") {
  DatabaseClock clock{RealClock()};
  Database database = kDatabase;
  for (int second = 0; second < 600; ++second) {
    database.ahead += absl::Microseconds(200);
    const Moment moment = After(second * 1000);
    clock.Set(database.At(moment), moment, moment + milliseconds(1));
  }
  CHECK(absl::AbsDuration(Error(clock, database)) < absl::Milliseconds(3));
}

}  // namespace
}  // namespace penstock::workflow_engine
