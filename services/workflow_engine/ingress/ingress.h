// What happens to a webhook delivery: match, verify, de-duplicate, start, answer.
//
//   routes ─► signature ─► dedupe keys? ──no──► group: receipt, keys and starts in one commit ─► answer
//                              │yes                   ▲
//                              └► owner of the first key's shard (here or another engine): each trigger whose key was not seen before;
//                                 none left? receipt only
//
// Triggers of one route may de-duplicate by different rules; then a delivery has several keys, and each decides about its own workflows only.
// Two such deliveries that share a key but not the first may meet in the database, coming from two engines: the later is refused as a whole
// by the key's primary key, looks again and leaves out what was started.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/thread_pool.h"
#include "services/workflow_engine/engine/definitions.h"
#include "services/workflow_engine/engine/shard_group.h"
#include "services/workflow_engine/ingress/delivery.h"
#include "services/workflow_engine/ingress/forwarder.h"
#include "services/workflow_engine/ingress/routes.h"
#include "services/workflow_engine/ingress/starter.h"

namespace penstock::workflow_engine {

class Ingress {
 public:
  struct Dependencies {
    const Clock& clock;
    Routes& routes;
    Definitions& definitions;
    Starter& starter;
    Forwarder& forwarder;
    lifecycle::ThreadPool& workers;
  };
  explicit Ingress(Dependencies dependencies) : deps_(dependencies) {}

  // Called once, from any thread, after the commit of the receipt, or (if a matching trigger says so) of the answer. Not OK: refused, nothing
  // stored (INVALID_ARGUMENT, UNAUTHENTICATED, RESOURCE_EXHAUSTED, UNAVAILABLE), or unknown (reason OUTCOME_UNKNOWN).
  using Answered = std::function<void(const absl::StatusOr<DeliveryAnswer>&)>;

  // Never blocks: what is not in memory is loaded on a worker.
  void Deliver(InboundDelivery delivery, Answered answered);

 private:
  struct Key;
  struct Work;
  using WorkPtr = std::shared_ptr<Work>;

  bool ResolveFromMemory(Work& work);
  absl::Status Resolve(Work& work);
  void Proceed(WorkPtr work);
  void SelectRoutes(Work& work);
  static void SelectKeys(Work& work);
  void TakeKeys(WorkPtr work, ShardId shard, size_t next);
  void StartAll(WorkPtr work);
  void AwaitHere(const InboundDelivery& wait, Answered answered);
  void AnswerEnded(ExecutionId id, TenantId tenant, Answered answered);
  void AwaitElsewhere(WorkPtr work, ExecutionId id, WaitFor wait_for);
  void StoreReceipt(WorkPtr work, std::string_view outcome);
  absl::Status BuildAndSend(const WorkPtr& work);
  void Failed(WorkPtr work, const absl::Status& status);
  ReceiptRow Receipt(const Work& work, std::string_view outcome) const;

  Dependencies deps_;
};

}  // namespace penstock::workflow_engine
