#include "services/workflow_engine/engine/lease_keeper.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/synchronization/blocking_counter.h"
#include "libs/log/log.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/lease_queries.h"

namespace penstock::workflow_engine {
namespace {

// After so many periods without a heartbeat an engine is late: others look whether it is still there.
constexpr double kLateAfterPeriods = 1.5;
constexpr absl::Duration kConnectTimeout = absl::Seconds(5);
constexpr absl::Duration kLookAheadEvery = absl::Seconds(20);
constexpr char kShardsCondition[] = "shards";

// FNV-1a over boot id and shard: the same on every machine, unlike absl::Hash.
uint64_t Weight(const Uuid& boot_id, ShardId shard) {
  uint64_t hash = 14695981039346656037ull;
  auto mix = [&hash](uint8_t byte) { hash = (hash ^ byte) * 1099511628211ull; };
  for (uint8_t byte : boot_id.bytes()) mix(byte);
  mix(shard);
  // FNV's last byte hardly reaches the high bits, which decide the comparison.
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdull;
  return hash ^ (hash >> 33);
}

// Rendezvous hashing: every member alone knows who should own a shard, and a change of members moves only the shards concerned.
const Member& Chosen(const std::vector<Member>& members, ShardId shard) {
  return *std::max_element(members.begin(), members.end(), [shard](const Member& a, const Member& b) {
    return Weight(a.boot_id, shard) < Weight(b.boot_id, shard);
  });
}

}  // namespace

LeaseKeeper::LeaseKeeper(Options options, postgres::Pool& engine_pool, Loader& loader, ShardMap& shards, DatabaseClock& clock,
                         lifecycle::Readiness& readiness, metrics::Registry& registry)
    : options_(std::move(options)),
      pool_(engine_pool),
      loader_(loader),
      shards_(shards),
      clock_(clock),
      readiness_(readiness),
      owned_(registry.Gauge("penstock_engine_shards_owned", "Shards this engine owns, of 256")) {
  shards_.set_boot_id(Uuid::MakeV7(clock_.Now()));
  loop_ = std::make_unique<lifecycle::BackgroundLoop>(
      lifecycle::BackgroundLoop::Options{.name = "leases", .period = options_.heartbeat, .max_backoff = options_.heartbeat},
      [this] { return RunOnce(); }, clock_, &registry);
}

LeaseKeeper::~LeaseKeeper() { Stop(); }

void LeaseKeeper::Start(std::vector<ShardGroup*> groups) {
  groups_ = std::move(groups);
  loop_->Start();
}

void LeaseKeeper::Stop() {
  loop_->Stop();
  if (groups_.empty()) return;
  std::vector<ShardId> owned = shards_.Owned();
  absl::Status released = Release(owned);
  Uuid boot_id = shards_.boot_id();
  if (released.ok()) {
    auto handle = pool_.Acquire();
    if (handle.ok()) released = (*handle)->Execute(queries::kDeleteMember, std::move(postgres::Params().Add(boot_id))).status();
  }
  if (!released.ok()) log::Warning("shards not given back; others wait until they expire", {{"status", released}});
  presence_.reset();
  groups_.clear();
}

void LeaseKeeper::OnLost(const Uuid& boot_id, const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (boot_id != shards_.boot_id()) return;  // of a time that is over already
    lost_ = status;
  }
  loop_->Wake();
}

std::optional<Member> LeaseKeeper::OwnerOf(ShardId shard) const {
  absl::MutexLock lock(&mutex_);
  if (!owners_[shard]) return std::nullopt;
  for (const Member& member : members_) {
    if (member.boot_id == *owners_[shard]) return member;
  }
  return std::nullopt;
}

std::vector<Member> LeaseKeeper::members() const {
  absl::MutexLock lock(&mutex_);
  return members_;
}

absl::Status LeaseKeeper::RunOnce() {
  std::optional<absl::Status> lost;
  {
    absl::MutexLock lock(&mutex_);
    lost = std::exchange(lost_, std::nullopt);
  }
  absl::Status status = lost ? StartOver(*lost) : absl::OkStatus();
  if (status.ok()) status = Heartbeat();
  if (status.ok()) status = Rebalance();
  if (status.ok()) status = LookAhead(false);
  size_t owned = shards_.Owned().size();
  owned_.Set(static_cast<double>(owned));
  readiness_.Set(kShardsCondition, status.ok() && owned == 0 ? absl::UnavailableError("no shards owned yet") : status);
  return status;
}

// Forgets all that is in memory and continues under a new name. The old one's shards are free at once, because its member row goes; taking them
// waits for its last commits.
absl::Status LeaseKeeper::StartOver(const absl::Status& why) {
  log::Warning("starting over under a new boot id", {{"why", why}});
  readiness_.Set(kShardsCondition, absl::UnavailableError("starting over"));
  Uuid former = shards_.boot_id();
  shards_.DropAll();
  absl::BlockingCounter dropped(static_cast<int>(groups_.size()));
  for (ShardGroup* group : groups_) {
    group->DropAll(why, [&dropped] { dropped.DecrementCount(); });
  }
  dropped.Wait();
  {
    absl::MutexLock lock(&mutex_);
    shards_.set_boot_id(Uuid::MakeV7(clock_.Now()));
    lost_.reset();
  }
  absl::StatusOr<postgres::Pool::Handle> connection = pool_.Acquire();
  absl::Status deleted = connection.status();
  if (connection.ok()) deleted = (*connection)->Execute(queries::kDeleteMember, std::move(postgres::Params().Add(former))).status();
  // Not worth failing for: the row expires.
  if (!deleted.ok()) log::Warning("former member row not deleted", {{"status", deleted}});
  return absl::OkStatus();
}

absl::Status LeaseKeeper::EnsurePresence() {
  Uuid boot_id = shards_.boot_id();
  if (presence_ && presence_->CheckAlive() && present_as_ == boot_id) return absl::OkStatus();
  presence_.reset();
  ASSIGN_OR_RETURN(std::unique_ptr<postgres::Connection> connection,
                   postgres::Connection::Open(options_.engine_conninfo, kConnectTimeout, options_.session));
  if (options_.session == postgres::Session::kOwn) {
    RETURN_IF_ERROR(connection->Execute(queries::kAnnouncePresence, std::move(postgres::Params().Add(boot_id))).status());
  }
  presence_ = std::move(connection);
  present_as_ = boot_id;
  return absl::OkStatus();
}

// Without a lock there is nothing to look at: late is as good as gone.
absl::Duration LeaseKeeper::LateAfter() const {
  return options_.session == postgres::Session::kOwn ? options_.heartbeat * kLateAfterPeriods : options_.time_to_live;
}

absl::Status LeaseKeeper::Heartbeat() {
  RETURN_IF_ERROR(EnsurePresence());
  RETURN_IF_ERROR(presence_
                      ->Execute(queries::kHeartbeat, std::move(postgres::Params()
                                                                   .Add(shards_.boot_id())
                                                                   .Add(options_.address)
                                                                   .Add(absl::ToDoubleSeconds(LateAfter()))
                                                                   .Add(absl::ToDoubleSeconds(options_.time_to_live))))
                      .status());
  // By itself: a commit between the reading and the answer would blur it.
  const DatabaseClock::Moment asked = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(postgres::Result clock, presence_->Execute(queries::kReadClock));
  clock_.Set(clock.Get<absl::Time>(0, 0), asked, std::chrono::steady_clock::now());
  // Not on our own session: it would find its own lock free.
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  ASSIGN_OR_RETURN(postgres::Result members, connection->Execute(queries::kListMembers));
  ASSIGN_OR_RETURN(postgres::Result leases, connection->Execute(queries::kListLeases));
  absl::MutexLock lock(&mutex_);
  members_.clear();
  for (int r = 0; r < members.rows(); ++r) members_.push_back({members.Get<Uuid>(r, 0), members.Get<std::string>(r, 1)});
  for (int r = 0; r < leases.rows(); ++r) owners_[leases.Get<int32_t>(r, 0)] = leases.Get<std::optional<Uuid>>(r, 1);
  return absl::OkStatus();
}

absl::Status LeaseKeeper::Rebalance() {
  std::vector<Member> members;
  std::array<std::optional<Uuid>, kShards> owners;
  {
    absl::MutexLock lock(&mutex_);
    members = members_;
    owners = owners_;
  }
  Uuid self = shards_.boot_id();
  auto alive = [&members](const Uuid& id) {
    return std::any_of(members.begin(), members.end(), [&id](const Member& m) { return m.boot_id == id; });
  };
  if (!alive(self)) return absl::UnavailableError("our own heartbeat has expired");
  std::vector<ShardId> wanted, surplus;
  for (int s = 0; s < kShards; ++s) {
    ShardId shard = static_cast<ShardId>(s);
    bool ours = Chosen(members, shard).boot_id == self;
    if (ours && !shards_.owns(shard) && (!owners[s] || !alive(*owners[s]))) wanted.push_back(shard);
    if (!ours && shards_.owns(shard)) surplus.push_back(shard);
  }
  RETURN_IF_ERROR(Release(surplus));
  return Take(wanted);
}

absl::Status LeaseKeeper::Take(const std::vector<ShardId>& wanted) {
  if (wanted.empty()) return absl::OkStatus();
  postgres::Array<int32_t> shards;
  for (ShardId shard : wanted) shards.Append(shard);
  std::vector<ShardId> taken;
  {
    ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
    ASSIGN_OR_RETURN(postgres::Result result,
                     connection->Execute(queries::kTakeShards, std::move(postgres::Params().Add(shards_.boot_id()).Add(shards))));
    for (int r = 0; r < result.rows(); ++r) {
      ShardId shard = static_cast<ShardId>(result.Get<int32_t>(r, 0));
      shards_.Take(shard, result.Get<int64_t>(r, 1));
      taken.push_back(shard);
    }
  }
  {
    absl::MutexLock lock(&mutex_);
    for (ShardId shard : taken) owners_[shard] = shards_.boot_id();
  }
  ASSIGN_OR_RETURN(std::vector<ExecutionId> runnable, loader_.FindRunnable(taken));
  std::vector<std::vector<ExecutionId>> by_group(groups_.size());
  for (const ExecutionId& id : runnable) by_group[ShardOf(id) % groups_.size()].push_back(id);
  for (size_t g = 0; g < groups_.size(); ++g) {
    if (!by_group[g].empty()) groups_[g]->Recover(std::move(by_group[g]));
  }
  log::Info("took shards", {{"shards", taken.size()}, {"runnable_executions", runnable.size()}});
  return LookAhead(true);
}

absl::Status LeaseKeeper::Release(const std::vector<ShardId>& surplus) {
  if (surplus.empty()) return absl::OkStatus();
  for (ShardId shard : surplus) shards_.Leave(shard);
  absl::BlockingCounter released(static_cast<int>(surplus.size()));
  for (ShardId shard : surplus) {
    GroupOf(shard).Release(shard, [&released] { released.DecrementCount(); });
  }
  released.Wait();
  postgres::Array<int32_t> shards;
  for (ShardId shard : surplus) {
    shards_.Drop(shard);
    shards.Append(shard);
  }
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  RETURN_IF_ERROR(
      connection->Execute(queries::kReleaseShards, std::move(postgres::Params().Add(shards_.boot_id()).Add(shards))).status());
  log::Info("gave shards to another engine", {{"shards", surplus.size()}});
  return absl::OkStatus();
}

absl::Status LeaseKeeper::LookAhead(bool all) {
  absl::Time now = clock_.Now();
  if (!all && now < next_look_ahead_) return absl::OkStatus();
  next_look_ahead_ = now + kLookAheadEvery;
  std::vector<ShardId> owned = shards_.Owned();
  if (owned.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<LoadedTimer> timers, loader_.FindTimers(owned, now + options_.timer_horizon));
  std::vector<std::vector<LoadedTimer>> by_group(groups_.size());
  for (LoadedTimer& timer : timers) by_group[ShardOf(timer.execution) % groups_.size()].push_back(std::move(timer));
  for (size_t g = 0; g < groups_.size(); ++g) {
    if (!by_group[g].empty()) groups_[g]->AddTimers(std::move(by_group[g]));
  }
  return absl::OkStatus();
}

}  // namespace penstock::workflow_engine
