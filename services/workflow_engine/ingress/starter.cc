#include "services/workflow_engine/ingress/starter.h"

#include <utility>

#include "libs/crypto/hash.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {

ShardId ShardOfKey(TenantId tenant, std::string_view key) {
  std::string text(tenant.uuid().as_string_view());
  text += key;
  return static_cast<ShardId>(crypto::Sha256(text)[0]);
}

Starter::Starter(const Clock& clock, ShardMap& shards, Loader& loader, lifecycle::ThreadPool& workers, std::vector<ShardGroup*> groups)
    : clock_(clock), shards_(shards), loader_(loader), workers_(workers), groups_(std::move(groups)) {}

absl::StatusOr<ExecutionId> Starter::NewId() {
  // Round and round over the shards, skipping those that are not ours.
  uint32_t first = next_shard_.fetch_add(1, std::memory_order_relaxed);
  for (uint32_t i = 0; i < kShards; ++i) {
    ShardId shard = static_cast<ShardId>(first + i);
    if (shards_.accepts(shard)) return NewIdIn(shard);
  }
  return WithRetryAfter(absl::UnavailableError("this engine owns no shards yet"), absl::Seconds(1));
}

ExecutionId Starter::NewIdIn(ShardId shard) { return ExecutionId(Uuid::MakeV7(clock_.Now()).WithLastByte(shard)); }

void Starter::RunKeyed(KeyedCall call) {
  auto first = std::make_shared<KeyedCall>(std::move(call));
  {
    absl::MutexLock lock(&mutex_);
    auto [entry, is_first] = pending_.try_emplace(PendingKey(first->tenant, first->key));
    if (!is_first) {
      entry->second.later.push_back(std::move(*first));
      return;
    }
    to_look_up_.push_back(std::move(first));
    if (std::exchange(is_looking_up_, true)) return;
  }
  std::vector<std::shared_ptr<KeyedCall>> refused;
  absl::Status why;
  if (absl::Status queued = workers_.Submit([this] { LookUpAll(); }); !queued.ok()) {
    absl::MutexLock lock(&mutex_);
    is_looking_up_ = false;
    refused.swap(to_look_up_);
    why = queued;
  }
  for (const std::shared_ptr<KeyedCall>& call : refused) Resolve(*call, why, false);
}

void Starter::LookUpAll() {
  while (true) {
    std::vector<std::shared_ptr<KeyedCall>> calls;
    {
      absl::MutexLock lock(&mutex_);
      calls.swap(to_look_up_);
      is_looking_up_ = !calls.empty();
    }
    if (calls.empty()) return;
    LookUp(calls);
  }
}

void Starter::LookUp(const std::vector<std::shared_ptr<KeyedCall>>& calls) {
  std::vector<Loader::Key> keys;
  for (const std::shared_ptr<KeyedCall>& call : calls) keys.push_back({ShardOfKey(call->tenant, call->key), call->tenant, call->key});
  absl::StatusOr<std::vector<std::optional<Loader::KeyedStart>>> used = loader_.FindKeys(keys);
  for (size_t i = 0; i < calls.size(); ++i) {
    if (!used.ok()) {
      Resolve(*calls[i], used.status(), false);
    } else if ((*used)[i]) {
      Resolve(*calls[i], *(*used)[i], true);
    } else {
      Begin(calls[i]);
    }
  }
}

void Starter::Begin(const std::shared_ptr<KeyedCall>& call) {
  ShardId shard = ShardOfKey(call->tenant, call->key);
  KeyRow row{shard, call->tenant, call->key, NewIdIn(call->place.value_or(shard)), call->request_hash};
  Loader::KeyedStart started{row.execution, row.request_hash};
  call->start(std::move(row), [this, call, started](const absl::Status& status) {
    status.ok() ? Resolve(*call, started, false) : Resolve(*call, status, false);
  });
}

// The first use is decided; so are those that came meanwhile.
void Starter::Resolve(const KeyedCall& call, const absl::StatusOr<Loader::KeyedStart>& result, bool existed) {
  std::vector<KeyedCall> later;
  {
    absl::MutexLock lock(&mutex_);
    auto entry = pending_.extract(PendingKey(call.tenant, call.key));
    if (!entry.empty()) later = std::move(entry.mapped().later);
  }
  if (!result.ok()) {
    call.done(result.status());
    for (const KeyedCall& other : later) other.done(result.status());
    return;
  }
  Answer(call, *result, existed);
  for (const KeyedCall& other : later) Answer(other, *result, true);
}

void Starter::Answer(const KeyedCall& call, const Loader::KeyedStart& first, bool existed) {
  if (existed && !call.any_request && call.request_hash != first.request_hash) {
    call.done(WithReason(absl::AlreadyExistsError("the idempotency key was used for another request"), "IDEMPOTENCY_KEY_REUSED"));
    return;
  }
  call.done(KeyedOutcome{first.execution, existed});
}

}  // namespace penstock::workflow_engine
