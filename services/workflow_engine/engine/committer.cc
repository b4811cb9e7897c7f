#include "services/workflow_engine/engine/committer.h"

#include <utility>

#include "absl/types/span.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/engine/encode.h"

namespace penstock::workflow_engine {
namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(5);
constexpr int kSerializationAttempts = 5;

// The joins below are always from a handful of keys into a large table, whatever the statistics of a table that was empty a moment ago say.
const std::vector<postgres::SessionSetting> kSettings = {
    {"enable_hashjoin", "off"}, {"enable_mergejoin", "off"}, {"enable_seqscan", "off"},
    {"jit", "off"}, {"plan_cache_mode", "force_generic_plan"}, {"idle_in_transaction_session_timeout", "5s"}};

bool RefusedAlone(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kInternal: return true;
    default: return false;
  }
}

}  // namespace

Committer::Committer(std::string conninfo, postgres::Session session, const Clock& clock)
    : conninfo_(std::move(conninfo)), session_(session), clock_(clock), thread_([this] { Run(); }) {}

Committer::~Committer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

Committer::Job Committer::Encode(Batch batch, absl::Time now) {
  Job job;
  AddTransaction(batch.sets, batch.boot_id, batch.epochs, now, job.transaction);
  job.batch = std::move(batch);
  return job;
}

BatchOutcome Committer::CommitHere(Batch batch) {
  Job job = Encode(std::move(batch), clock_.Now());
  return Commit(job);
}

void Committer::Submit(Batch batch, Decided decided) {
  Job job = Encode(std::move(batch), clock_.Now());
  job.decided = std::move(decided);
  absl::MutexLock lock(&mutex_);
  jobs_.push_back(std::move(job));
}

void Committer::Run() {
  auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !jobs_.empty() || stopping_; };
  while (true) {
    Job job;
    {
      absl::MutexLock lock(&mutex_, absl::Condition(&has_work));
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    BatchOutcome outcome = Commit(job);
    job.decided(std::move(outcome));
  }
}

BatchOutcome Committer::Commit(Job& job) {
  BatchOutcome outcome;
  outcome.statuses.resize(job.batch.sets.size());
  outcome.lost = CommitRange(job.batch, 0, job.batch.sets.size(), job.transaction, outcome.statuses);
  if (!outcome.lost.ok()) connection_.reset();
  outcome.batch = std::move(job.batch);
  return outcome;
}

// Commits sets [first, first + count), which `transaction` writes. When the database refuses a value, halves find out whose it is, so that
// one bad set never holds up the others. Returns not OK when the batch is lost.
absl::Status Committer::CommitRange(const Batch& batch, size_t first, size_t count, const postgres::Pipeline& transaction,
                                    std::vector<absl::Status>& statuses) {
  absl::Status status;
  for (int attempt = 0; attempt < kSerializationAttempts; ++attempt) {
    status = Transact(transaction);
    bool again = status.code() == absl::StatusCode::kAborted && ReasonOf(status) != "OWNERSHIP_LOST";
    if (!again) break;
  }
  if (status.ok() || !RefusedAlone(status)) return status;
  if (count == 1) {
    statuses[first] = status;
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CommitHalf(batch, first, count / 2, statuses));
  return CommitHalf(batch, first + count / 2, count - count / 2, statuses);
}

absl::Status Committer::CommitHalf(const Batch& batch, size_t first, size_t count, std::vector<absl::Status>& statuses) {
  postgres::Pipeline transaction;
  AddTransaction(absl::MakeConstSpan(batch.sets).subspan(first, count), batch.boot_id, batch.epochs, clock_.Now(), transaction);
  return CommitRange(batch, first, count, transaction, statuses);
}

absl::Status Committer::Transact(const postgres::Pipeline& transaction) {
  RETURN_IF_ERROR(EnsureConnected());
  return transaction.Run(*connection_).status();
}

absl::Status Committer::EnsureConnected() {
  if (connection_ && connection_->healthy()) return absl::OkStatus();
  ASSIGN_OR_RETURN(connection_, postgres::Connection::Open(conninfo_, kConnectTimeout, session_, kSettings));
  return absl::OkStatus();
}

}  // namespace penstock::workflow_engine
