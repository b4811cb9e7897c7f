#include "services/interfaces/front_door/tenant_directory.h"

#include <utility>

namespace penstock::interfaces {
namespace {

// Debian's absl::string_view is a type of its own.
absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

TenantDirectory::TenantDirectory(Find find, lifecycle::ThreadPool& workers, const Clock& clock,
                                 Options options)
    : find_(std::move(find)), workers_(workers), clock_(clock), options_(options) {}

std::optional<TenantDirectory::Answer> TenantDirectory::Cached(std::string_view client) {
  const absl::Time now = clock_.Now();
  Answer answer;
  {
    absl::MutexLock lock(&mutex_);
    if (auto found = known_.find(Key(client)); found != known_.end()) {
      const absl::Duration age = now - found->second.found_at;
      if (age < options_.known_ttl / 2) return found->second.answer;
      if (age >= options_.known_ttl) return std::nullopt;
      // The first who sees it grow old has it looked up again; all are served meanwhile.
      if (!under_way_.try_emplace(std::string(client)).second) return found->second.answer;
      answer = found->second.answer;
    } else if (auto missing = unknown_.find(Key(client)); missing != unknown_.end()) {
      if (now - missing->second.found_at < options_.unknown_ttl) return Answer();
      return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  StartLookUp(std::string(client));
  return answer;
}

void TenantDirectory::LookUp(std::string_view client, Answered answered) {
  {
    absl::MutexLock lock(&mutex_);
    auto [under_way, is_first] = under_way_.try_emplace(std::string(client));
    under_way->second.push_back(std::move(answered));
    if (!is_first) return;
  }
  StartLookUp(std::string(client));
}

void TenantDirectory::StartLookUp(const std::string& client) {
  absl::Status queued = workers_.Submit([this, client] { Finish(client, find_(client)); });
  if (!queued.ok()) Finish(client, queued);
}

void TenantDirectory::Finish(const std::string& client,
                             const absl::StatusOr<std::optional<TenantRow>>& found) {
  std::vector<Answered> waiting;
  absl::StatusOr<Answer> answer = Answer();
  if (!found.ok()) answer = found.status();
  {
    absl::MutexLock lock(&mutex_);
    if (found.ok()) answer = Remember(client, *found);
    if (auto under_way = under_way_.find(client); under_way != under_way_.end()) {
      waiting = std::move(under_way->second);
      under_way_.erase(under_way);
    }
  }
  for (const Answered& answered : waiting) answered(answer);
}

TenantDirectory::Answer TenantDirectory::Remember(const std::string& client,
                                                  const std::optional<TenantRow>& row) {
  const absl::Time now = clock_.Now();
  if (!row) {
    known_.erase(client);
    MakeRoom(unknown_, options_.max_unknown, now - options_.unknown_ttl);
    unknown_[client] = {std::nullopt, now};
    return std::nullopt;
  }
  unknown_.erase(client);
  MakeRoom(known_, options_.max_known, now - options_.known_ttl);
  Answer answer = WebhookTenant{.id = row->id, .limiter = LimiterOf(*row)};
  known_[client] = {answer, now};
  return answer;
}

std::shared_ptr<RateLimiter> TenantDirectory::LimiterOf(const TenantRow& row) {
  const int64_t rate = row.webhook_rate_limit.value_or(options_.default_rate_limit);
  if (rate <= 0) return nullptr;
  if (limiters_.size() > 2 * options_.max_known) {
    absl::erase_if(limiters_, [](const auto& entry) { return entry.second.expired(); });
  }
  std::weak_ptr<RateLimiter>& kept = limiters_[row.id];
  std::shared_ptr<RateLimiter> limiter = kept.lock();
  if (limiter == nullptr || limiter->rate() != rate) {
    limiter = std::make_shared<RateLimiter>(rate);
    kept = limiter;
  }
  return limiter;
}

void TenantDirectory::MakeRoom(Entries& entries, size_t max, absl::Time stale_before) {
  if (entries.size() < max) return;
  absl::erase_if(entries, [&](const auto& entry) { return entry.second.found_at <= stale_before; });
  // All fresh: forgetting is cheap, remembering without bound is not.
  if (entries.size() >= max) entries.clear();
}

}  // namespace penstock::interfaces
