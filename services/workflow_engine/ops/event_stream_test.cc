#include "services/workflow_engine/ops/event_stream.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "services/workflow_engine/loops/foreign_commits.h"
#include "services/workflow_engine/testing/recorded.h"

namespace penstock::workflow_engine {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

Recorded& Store() {
  static Recorded store;
  return store;
}

// What a reader got, shared with the test after the sink has gone.
struct Received {
  absl::Mutex mutex;
  std::vector<int64_t> sequences ABSL_GUARDED_BY(mutex);
  std::optional<absl::Status> end ABSL_GUARDED_BY(mutex);
  int room ABSL_GUARDED_BY(mutex) = 1'000'000'000;

  bool AwaitCount(size_t count) {
    absl::MutexLock lock(&mutex);
    auto enough = [&] { return sequences.size() >= count; };
    return mutex.AwaitWithTimeout(absl::Condition(&enough), kPatience);
  }
  bool AwaitEnd() {
    absl::MutexLock lock(&mutex);
    auto ended = [&] { return end.has_value(); };
    return mutex.AwaitWithTimeout(absl::Condition(&ended), kPatience);
  }
  std::vector<int64_t> Sequences() {
    absl::MutexLock lock(&mutex);
    return sequences;
  }
};

class RecordingSink final : public EventSink {
 public:
  explicit RecordingSink(std::shared_ptr<Received> received) : received_(std::move(received)) {}
  Taken Send(const EventRecord& event) override {
    absl::MutexLock lock(&received_->mutex);
    if (received_->room == 0) return Taken::kFull;
    --received_->room;
    received_->sequences.push_back(event.sequence);
    return Taken::kTaken;
  }
  void End(const absl::Status& status) override {
    absl::MutexLock lock(&received_->mutex);
    received_->end = status;
  }

 private:
  std::shared_ptr<Received> received_;
};

std::vector<int64_t> UpTo(int64_t last, int64_t first = 1) {
  std::vector<int64_t> all;
  for (int64_t i = first; i <= last; ++i) all.push_back(i);
  return all;
}

struct Fixture {
  TenantId tenant = Recorded::MakeTenant();
  CommitSignal commits;
  lifecycle::ThreadPool workers{{.name = "test", .threads = 3}};
  std::shared_ptr<Received> received = std::make_shared<Received>();

  EventStream::Sources sources() { return {Store().pool(), workers, commits}; }
  std::shared_ptr<EventStream> Replay(EventFilter filter = {}) {
    auto stream = EventStream::Replay(sources(), {tenant, UserId(), ""}, std::move(filter),
                                      std::make_unique<RecordingSink>(received));
    stream->Continue();
    return stream;
  }
  std::shared_ptr<EventStream> Follow(int64_t from, EventFilter filter = {}) {
    auto stream = EventStream::Follow(sources(), {tenant, UserId(), ""}, std::move(filter), from,
                                      std::make_unique<RecordingSink>(received));
    stream->Continue();
    return stream;
  }
  void Commit(int count, std::string_view type = "test.happened") {
    Store().AddEvents(tenant, count, type);
    commits.Notify({tenant});
  }
};

TEST_CASE("a replay brings everything stored in order and ends") {
  Fixture f;
  Store().AddEvents(f.tenant, 450);
  auto stream = f.Replay();
  REQUIRE(f.received->AwaitEnd());
  CHECK(f.received->Sequences() == UpTo(450));
  absl::MutexLock lock(&f.received->mutex);
  CHECK(f.received->end->ok());
}

TEST_CASE("a replay of nothing ends at once, and never shows another tenant's events") {
  Fixture f;
  Store().AddEvents(Recorded::MakeTenant(), 3);
  auto stream = f.Replay();
  REQUIRE(f.received->AwaitEnd());
  CHECK(f.received->Sequences().empty());
}

TEST_CASE("a replay keeps to its filter") {
  Fixture f;
  Store().AddEvents(f.tenant, 2, "a");
  Store().AddEvents(f.tenant, 2, "b");
  auto stream = f.Replay({.types = {"b"}});
  REQUIRE(f.received->AwaitEnd());
  CHECK(f.received->Sequences() == UpTo(4, 3));
}

TEST_CASE("a full reader stops the stream and loses nothing when it has room again") {
  Fixture f;
  Store().AddEvents(f.tenant, 300);
  {
    absl::MutexLock lock(&f.received->mutex);
    f.received->room = 10;
  }
  auto stream = f.Replay();
  for (int taken = 10; taken < 300; taken += 50) {
    REQUIRE(f.received->AwaitCount(taken));
    {
      absl::MutexLock lock(&f.received->mutex);
      f.received->room += 50;
    }
    stream->Continue();
  }
  REQUIRE(f.received->AwaitEnd());
  CHECK(f.received->Sequences() == UpTo(300));
}

TEST_CASE("a follower gets what is stored from its number on and then what is committed") {
  Fixture f;
  Store().AddEvents(f.tenant, 5);
  auto stream = f.Follow(3);
  REQUIRE(f.received->AwaitCount(3));
  f.Commit(2);
  REQUIRE(f.received->AwaitCount(5));
  CHECK(f.received->Sequences() == UpTo(7, 3));
  stream->Close();
  REQUIRE(f.received->AwaitEnd());
}

TEST_CASE("a follower from a number not yet given waits for it") {
  Fixture f;
  auto stream = f.Follow(4);
  f.Commit(3);
  f.Commit(2);
  REQUIRE(f.received->AwaitCount(2));
  CHECK(f.received->Sequences() == UpTo(5, 4));
  stream->Close();
  REQUIRE(f.received->AwaitEnd());
}

TEST_CASE("a follower of certain types passes over the others") {
  Fixture f;
  auto stream = f.Follow(1, {.types = {"wanted"}});
  f.Commit(250, "other");
  f.Commit(1, "wanted");
  f.Commit(250, "other");
  f.Commit(1, "wanted");
  REQUIRE(f.received->AwaitCount(2));
  CHECK(f.received->Sequences() == std::vector<int64_t>{251, 502});
  stream->Close();
  REQUIRE(f.received->AwaitEnd());
}

TEST_CASE("followers see every event once and in order while writers commit") {
  Fixture f;
  constexpr int kWriters = 3, kCommits = 40;
  std::vector<std::shared_ptr<Received>> readers;
  std::vector<std::shared_ptr<EventStream>> streams;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&] {
      auto connection = Store().database().ConnectAsSuperuser();
      std::string tenant = f.tenant.ToString();
      for (int i = 0; i < kCommits; ++i) {
        std::string id = Uuid::MakeV7(absl::Now()).ToString();
        absl::Status committed = connection->ExecuteScript(
            "BEGIN; SELECT workflow.lock_event_streams(ARRAY['" + tenant +
            "']::uuid[]);"
            "INSERT INTO workflow.event_store (event_id, tenant_id, sequence_number, event_type, "
            "payload, \"timestamp\") SELECT '" +
            id + "', '" + tenant +
            "', "
            "coalesce(max(sequence_number), 0) + 1, 'x', '{}', now() FROM workflow.event_store "
            "WHERE tenant_id = '" +
            tenant + "'; COMMIT");
        if (!committed.ok()) return;
        f.commits.Notify({f.tenant});
      }
    });
    // Readers join while the writing is under way.
    f.received = std::make_shared<Received>();
    readers.push_back(f.received);
    streams.push_back(f.Follow(1));
  }
  for (std::thread& writer : writers) writer.join();
  for (auto& reader : readers) {
    CHECK(reader->AwaitCount(kWriters * kCommits));
    CHECK(reader->Sequences() == UpTo(kWriters * kCommits));
  }
  for (auto& stream : streams) stream->Close();
  for (auto& reader : readers) REQUIRE(reader->AwaitEnd());
}

TEST_CASE("a closed stream ends and lets go of its subscription") {
  Fixture f;
  auto stream = f.Follow(0);
  CHECK(f.commits.subscribed().size() == 1);
  stream->Close();
  REQUIRE(f.received->AwaitEnd());
  f.workers.Stop();
  CHECK(f.commits.subscribed().empty());
  absl::MutexLock lock(&f.received->mutex);
  CHECK(f.received->end->code() == absl::StatusCode::kCancelled);
}

TEST_CASE("a stream that finds no worker ends with a reason") {
  Fixture f;
  f.workers.Stop();
  auto stream = f.Follow(1);
  REQUIRE(f.received->AwaitEnd());
  absl::MutexLock lock(&f.received->mutex);
  CHECK(f.received->end->code() == absl::StatusCode::kUnavailable);
}

TEST_CASE("commits of other engines are noticed by looking") {
  Fixture f;
  ForeignCommits foreign(Store().pool(), f.commits);
  REQUIRE(foreign.Look().ok());
  auto stream = f.Follow(1);
  REQUIRE(foreign.Look().ok());
  Store().AddEvents(f.tenant, 2);
  REQUIRE(foreign.Look().ok());
  REQUIRE(f.received->AwaitCount(2));
  stream->Close();
  REQUIRE(f.received->AwaitEnd());
}

}  // namespace
}  // namespace penstock::workflow_engine
