#include "services/connector/credentials/use_recorder.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "libs/lifecycle/thread_name.h"
#include "libs/log/log.h"
#include "libs/postgres/params.h"
#include "libs/postgres/set_scope.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/credentials/queries.h"

namespace penstock::connector {
namespace {

using postgres::Array;
using postgres::Params;
using postgres::Pipeline;

constexpr int kMaxAttempts = 5;

// As parallel arrays.
Params ParamsOf(const std::vector<const UseRow*>& rows) {
  Array<std::string_view> events, kinds, fields, versions, purposes, hosts, executions, services,
      requests, results;
  Array<Uuid> uses, owners, users, api_keys;
  Array<int32_t> statuses;
  for (const UseRow* row : rows) {
    events.Append(row->event);
    uses.Append(row->use_id);
    kinds.Append(OwnerKindName(row->owner.kind));
    owners.Append(row->owner.id);
    fields.Append(absl::StrJoin(row->fields, ","));
    versions.Append(absl::StrJoin(row->value_versions, ","));
    purposes.Append(row->purpose);
    hosts.Append(row->target_host);
    executions.Append(row->execution_id);
    row->user.is_nil() ? users.AppendNull() : users.Append(row->user);
    row->api_key.is_nil() ? api_keys.AppendNull() : api_keys.Append(row->api_key);
    services.Append(row->service);
    requests.Append(row->request_id);
    results.Append(row->result);
    statuses.Append(row->http_status);
  }
  Params params;
  params.Add(std::move(events)).Add(std::move(uses)).Add(std::move(kinds)).Add(std::move(owners));
  params.Add(std::move(fields)).Add(std::move(versions)).Add(std::move(purposes));
  params.Add(std::move(hosts)).Add(std::move(executions)).Add(std::move(users));
  params.Add(std::move(api_keys)).Add(std::move(services)).Add(std::move(requests));
  params.Add(std::move(results)).Add(std::move(statuses));
  return params;
}

// Whether nothing was written, so that writing again is safe and may succeed.
bool MayBeRepeated(const absl::Status& status) {
  return postgres::IsRetryableConflict(status) || ReasonOf(status) == postgres::kConnectionLost;
}

// Whether the rows themselves may be why: then one of them must not keep the others out.
bool MayBeOneRow(const absl::Status& status) {
  return !absl::IsUnavailable(status) && !absl::IsUnknown(status) &&
         !absl::IsResourceExhausted(status);
}

}  // namespace

UseRecorder::UseRecorder(postgres::Pool& pool, Options options)
    : pool_(pool), options_(options), thread_([this] { Run(); }) {}

UseRecorder::~UseRecorder() { Stop(); }

absl::Status UseRecorder::Append(UseRow row, absl::Time deadline) {
  auto entry = std::make_shared<Entry>(Entry{.row = std::move(row), .is_awaited = true});
  absl::MutexLock lock(&mutex_);
  if (stopping_) return absl::UnavailableError("uses of credentials are not recorded any more");
  if (waiting_.size() >= options_.max_waiting) {
    return WithRetryAfter(absl::ResourceExhaustedError("too many credentials are being opened"),
                          absl::Seconds(1));
  }
  waiting_.push_back(entry);
  if (mutex_.AwaitWithDeadline(absl::Condition(&entry->is_done), deadline)) return entry->status;
  return absl::DeadlineExceededError("the use of the credential could not be recorded in time");
}

void UseRecorder::Queue(UseRow row) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || queued_.size() >= options_.max_queued) {
    ++stats_.dropped;
    return;
  }
  ++queued_ever_;
  queued_.push_back(std::make_shared<Entry>(Entry{.row = std::move(row)}));
}

bool UseRecorder::Flush(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  const int64_t until = queued_ever_;
  const auto is_settled = [this, until]()
                              ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return settled_ >= until; };
  return mutex_.AwaitWithDeadline(absl::Condition(&is_settled), deadline);
}

void UseRecorder::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

UseRecorder::Stats UseRecorder::stats() const {
  absl::MutexLock lock(&mutex_);
  Stats stats = stats_;
  stats.waiting = waiting_.size();
  stats.queued = queued_.size();
  return stats;
}

bool UseRecorder::HasWork() const {
  return stopping_ || !waiting_.empty() || (!queued_.empty() && !is_resting_);
}

void UseRecorder::Run() {
  lifecycle::NameThread("use-recorder");
  while (true) {
    Entries entries;
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return HasWork(); };
      mutex_.AwaitWithTimeout(absl::Condition(&has_work),
                              is_resting_ ? options_.retry_pause : absl::InfiniteDuration());
      is_resting_ = false;
      entries = Take();
      if (entries.empty() && stopping_) return;
    }
    if (entries.empty()) continue;
    Write(entries);
    Finish(entries);
  }
}

// Those who wait go first.
UseRecorder::Entries UseRecorder::Take() {
  Entries entries;
  for (auto* line : {&waiting_, &queued_}) {
    while (!line->empty() && entries.size() < options_.max_batch) {
      entries.push_back(std::move(line->front()));
      line->pop_front();
    }
  }
  return entries;
}

void UseRecorder::Write(Entries& entries) {
  // In one order, as another replica locks the same chains.
  std::ranges::stable_sort(entries, {}, [](const auto& entry) { return entry->row.owner.tenant; });
  const absl::Status together = WriteTogether(entries);
  for (const auto& entry : entries) entry->status = together;
  if (together.ok() || entries.size() == 1 || !MayBeOneRow(together)) return;
  for (const auto& entry : entries) entry->status = WriteTogether({&entry, 1});
}

absl::Status UseRecorder::WriteTogether(std::span<const std::shared_ptr<Entry>> entries) {
  absl::Status status;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    status = WriteOnce(entries);
    if (!MayBeRepeated(status)) break;
  }
  return status;
}

absl::Status UseRecorder::WriteOnce(std::span<const std::shared_ptr<Entry>> entries) {
  std::map<TenantId, std::vector<const UseRow*>> by_tenant;
  for (const auto& entry : entries) by_tenant[entry->row.owner.tenant].push_back(&entry->row);
  Pipeline pipeline;
  pipeline.Add(postgres::kBegin);
  for (const auto& [tenant, rows] : by_tenant) {
    postgres::AddScope(pipeline, {.tenant = tenant});
    pipeline.Add(credentials::kAppendCredentialAudit, ParamsOf(rows));
  }
  pipeline.Add(postgres::kCommit);
  ASSIGN_OR_RETURN(const postgres::Pool::Handle connection, pool_.Acquire());
  return pipeline.Run(*connection).status();
}

void UseRecorder::Finish(const Entries& entries) {
  absl::Status problem;
  absl::MutexLock lock(&mutex_);
  ++stats_.batches;
  // Backwards, so that those put back keep their order.
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if ((*entry)->status.ok()) {
      ++stats_.rows;
    } else {
      ++stats_.failures;
      problem = (*entry)->status;
    }
    if ((*entry)->is_awaited) {
      (*entry)->is_done = true;
    } else if (!(*entry)->status.ok() && !stopping_ && !MayBeOneRow((*entry)->status)) {
      queued_.push_front(*entry);
      is_resting_ = true;
    } else {
      stats_.dropped += !(*entry)->status.ok();
      ++settled_;
    }
  }
  if (!problem.ok()) log::Error("uses of credentials are not recorded", {{"status", problem}});
}

}  // namespace penstock::connector
