#include "libs/auth/api_key_authenticator.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "libs/auth/api_key.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::auth {
namespace {

constexpr size_t kShards = 16;

absl::Status UnknownKey() {
  return WithReason(absl::UnauthenticatedError("the API key is unknown, expired or revoked"),
                    kUnknownKey);
}

absl::Status MalformedKey() {
  return WithReason(absl::UnauthenticatedError("the API key is not well-formed"),
                    kMalformedCredentials);
}

CallContext ContextOf(const ApiKeyRecord& record) {
  CallContext caller;
  caller.tenant = record.tenant;
  caller.api_key = record.api_key;
  caller.user = record.user;
  caller.project = record.project;
  caller.role = record.role;
  return caller;
}

}  // namespace

// Entries by hash. An entry is empty while somebody looks it up; others wait for that look-up.
//
//   (none) --first caller--> looking up --answer--> known or unknown until `good_until` --> (none)
//                                       --error---> (none): the waiting try again themselves, one
//                                       at a time
class ApiKeyAuthenticator::Cache {
 public:
  using Answer = std::optional<ApiKeyRecord>;

  Cache(const Clock& clock, const Options& options) : clock_(clock), options_(options) {}

  std::optional<Answer> Find(const std::string& hash) {
    Shard& shard = ShardOf(hash);
    absl::MutexLock lock(&shard.mutex);
    return FindLocked(shard, hash);
  }

  absl::StatusOr<Answer> FindOrLookUp(const std::string& hash, const FindApiKey& find,
                                      absl::Time deadline) {
    Shard& shard = ShardOf(hash);
    {
      absl::MutexLock lock(&shard.mutex);
      auto settled = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
        return shard.looking_up.count(hash) == 0;
      };
      if (!shard.mutex.AwaitWithDeadline(absl::Condition(&settled), deadline)) {
        return absl::DeadlineExceededError("waiting for an API key to be looked up");
      }
      if (std::optional<Answer> answer = FindLocked(shard, hash)) return *answer;
      shard.looking_up.emplace(hash, true);
    }
    absl::StatusOr<Answer> answer = find(hash, deadline);
    absl::MutexLock lock(&shard.mutex);
    shard.looking_up.erase(hash);
    if (answer.ok()) Keep(shard, hash, *answer);
    return answer;
  }

  std::vector<Used> TakeUsed() {
    std::vector<Used> all;
    for (Shard& shard : shards_) {
      absl::MutexLock lock(&shard.mutex);
      for (auto& [hash, entry] : shard.entries) {
        if (!entry.used_at) continue;
        all.push_back({entry.answer->tenant, entry.answer->api_key, *entry.used_at});
        entry.used_at.reset();
      }
      std::move(shard.used_and_dropped.begin(), shard.used_and_dropped.end(),
                std::back_inserter(all));
      shard.used_and_dropped.clear();
    }
    return all;
  }

  size_t size() {
    size_t total = 0;
    for (Shard& shard : shards_) {
      absl::MutexLock lock(&shard.mutex);
      total += shard.entries.size();
    }
    return total;
  }

 private:
  struct Entry {
    Answer answer;
    absl::Time good_until;
    std::optional<absl::Time> used_at;  // since the last TakeUsed
  };
  struct Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<std::string, Entry> entries ABSL_GUARDED_BY(mutex);
    absl::flat_hash_map<std::string, bool> looking_up ABSL_GUARDED_BY(mutex);
    std::vector<Used> used_and_dropped ABSL_GUARDED_BY(mutex);
  };

  // The hash is of a cryptographic kind: its first byte is as good as any.
  Shard& ShardOf(const std::string& hash) {
    return shards_[static_cast<unsigned char>(hash[0]) % kShards];
  }

  std::optional<Answer> FindLocked(Shard& shard, const std::string& hash)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
    auto found = shard.entries.find(hash);
    if (found == shard.entries.end()) return std::nullopt;
    Entry& entry = found->second;
    absl::Time now = clock_.Now();
    if (now >= entry.good_until) {
      Drop(shard, found);
      return std::nullopt;
    }
    if (entry.answer) entry.used_at = now;
    return entry.answer;
  }

  void Keep(Shard& shard, const std::string& hash, const Answer& answer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
    absl::Time now = clock_.Now();
    MakeRoom(shard, now);
    Entry entry{.answer = answer,
                .good_until = now + (answer ? options_.known_ttl : options_.unknown_ttl),
                .used_at = std::nullopt};
    if (answer) {
      entry.good_until = std::min(entry.good_until, answer->expires_at);
      entry.used_at = now;
    }
    shard.entries.insert_or_assign(hash, std::move(entry));
  }

  // Made-up keys must not fill memory: what has run out goes first, then anything.
  void MakeRoom(Shard& shard, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
    size_t room = std::max<size_t>(1, options_.max_entries / kShards);
    if (shard.entries.size() < room) return;
    for (auto entry = shard.entries.begin(); entry != shard.entries.end();) {
      auto next = std::next(entry);
      if (now >= entry->second.good_until) Drop(shard, entry);
      entry = next;
    }
    while (shard.entries.size() >= room) Drop(shard, shard.entries.begin());
  }

  void Drop(Shard& shard, absl::flat_hash_map<std::string, Entry>::iterator entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
    if (entry->second.used_at && shard.used_and_dropped.size() < options_.max_entries) {
      shard.used_and_dropped.push_back(
          {entry->second.answer->tenant, entry->second.answer->api_key, *entry->second.used_at});
    }
    shard.entries.erase(entry);
  }

  const Clock& clock_;
  const Options options_;
  std::array<Shard, kShards> shards_;
};

ApiKeyAuthenticator::ApiKeyAuthenticator(FindApiKey find, const Clock& clock, Options options)
    : find_(std::move(find)), cache_(std::make_unique<Cache>(clock, options)) {}

ApiKeyAuthenticator::~ApiKeyAuthenticator() = default;

bool ApiKeyAuthenticator::Recognizes(std::string_view credential) const {
  return credential.starts_with("pk_");
}

absl::StatusOr<CallContext> ApiKeyAuthenticator::Authenticate(std::string_view credential,
                                                              absl::Time deadline) const {
  if (!IsApiKey(credential)) return MalformedKey();
  ASSIGN_OR_RETURN(std::optional<ApiKeyRecord> record,
                   cache_->FindOrLookUp(HashApiKey(credential), find_, deadline));
  if (!record) return UnknownKey();
  return ContextOf(*record);
}

std::optional<absl::StatusOr<CallContext>> ApiKeyAuthenticator::TryAuthenticate(
    std::string_view credential) const {
  if (!IsApiKey(credential)) return MalformedKey();
  std::optional<Cache::Answer> answer = cache_->Find(HashApiKey(credential));
  if (!answer) return std::nullopt;
  if (!*answer) return UnknownKey();
  return ContextOf(**answer);
}

std::vector<ApiKeyAuthenticator::Used> ApiKeyAuthenticator::TakeUsed() {
  return cache_->TakeUsed();
}

size_t ApiKeyAuthenticator::size() const { return cache_->size(); }

}  // namespace penstock::auth
