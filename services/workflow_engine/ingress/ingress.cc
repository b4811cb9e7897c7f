#include "services/workflow_engine/ingress/ingress.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <set>
#include <utility>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/json/lookup.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::workflow_engine {
namespace {

constexpr size_t kMaxDeliveryIdBytes = 255;

constexpr size_t kRuleHashDigits = 16;
// How often a delivery is looked at anew because another engine took one of its keys meanwhile.
constexpr int kMaxAttempts = 4;

constexpr std::string_view kAccepted = "accepted";
constexpr std::string_view kUnmatched = "unmatched";
constexpr std::string_view kDuplicate = "duplicate";
constexpr std::string_view kRejected = "rejected";

std::optional<std::string_view> Find(const Fields& fields, std::string_view name) {
  for (const auto& [field, value] : fields) {
    if (field == name) return value;
  }
  return std::nullopt;
}

std::string DeliveryIdBy(const DedupeRule& rule, const InboundDelivery& delivery, std::string_view payload) {
  std::string id;
  if (!rule.header.empty()) {
    id = Find(delivery.headers, rule.header).value_or("");
  } else {
    json::Lookup lookup(payload);
    if (!lookup.AppendText(rule.path, 0, id)) return "";
  }
  // A longer id is still one id, and so is one that PostgreSQL would not take: its hash stands for it.
  if (id.size() > kMaxDeliveryIdBytes || id.find('\0') != id.npos) id = crypto::HexEncode(crypto::Sha256(id));
  return id;
}

// Equal rules share their keys, so that what one workflow has seen another with the same rule has seen as well.
std::string KeyBy(const DedupeRule& rule, const InboundDelivery& delivery, const std::string& id) {
  std::string rule_hash = crypto::HexEncode(crypto::Sha256(rule.name)).substr(0, kRuleHashDigits);
  return "webhook/" + delivery.trigger_type + "/" + delivery.action_type + "/" + rule_hash + "/" + id;
}

WaitFor WaitForOf(RespondWhen respond) { return respond == RespondWhen::kCompleted ? WaitFor::kCompleted : WaitFor::kResponse; }

}  // namespace

// One id of a delivery, by one rule.
struct Ingress::Key {
  std::string text;
  // Either the key is taken for this delivery: then this row is written with its start, and `committed` told the fate of that.
  bool is_taken = false;
  std::optional<KeyRow> unwritten;
  std::function<void(const absl::Status&)> committed;
  // Or it was seen before, and started this.
  std::optional<ExecutionId> seen;
};

// A delivery on its way.
struct Ingress::Work {
  InboundDelivery delivery;
  Answered answered;
  WebhookId id;
  absl::Time received_at;
  std::string payload;
  std::shared_ptr<const TenantRoutes> routes;
  std::vector<const TriggerRoute*> matching;  // that accept it
  std::vector<std::shared_ptr<const Graph>> graphs;  // of `matching`
  absl::Status refusal;                       // why the last of those that did not
  std::string delivery_id;                    // the first trigger's that has one
  std::vector<Key> keys;                      // in order of their text
  std::vector<int> key_of;                    // of each of `matching`; -1 = starts always
  int attempts = 0;
  std::vector<ExecutionId> executions;
  std::atomic<bool> done{false};

  void Answer(const absl::StatusOr<DeliveryAnswer>& answer) {
    if (!done.exchange(true)) answered(answer);
  }
  // Another engine was first with one of the keys: nothing is stored, and a new look finds what it started.
  bool LostKey(const absl::Status& status) const { return absl::IsAlreadyExists(status) && !keys.empty(); }
  void CommittedKeys(const absl::Status& status) {
    for (Key& key : keys) {
      if (auto committed = std::exchange(key.committed, nullptr)) committed(status);
    }
  }
};

void Ingress::Deliver(InboundDelivery delivery, Answered answered) {
  if (delivery.awaited) return AwaitHere(delivery, std::move(answered));
  auto work = std::make_shared<Work>();
  work->delivery = std::move(delivery);
  work->answered = std::move(answered);
  work->received_at = deps_.clock.Now();
  work->id = WebhookId::Make(work->received_at);
  absl::StatusOr<std::string> payload = PayloadOf(work->delivery.body, work->delivery.content_type);
  if (!payload.ok()) return work->Answer(payload.status());
  work->payload = *std::move(payload);
  if (ResolveFromMemory(*work)) return Proceed(work);
  absl::Status queued = deps_.workers.Submit([this, work] {
    absl::Status resolved = Resolve(*work);
    resolved.ok() ? Proceed(work) : work->Answer(resolved);
  });
  if (!queued.ok()) work->Answer(queued);
}

bool Ingress::ResolveFromMemory(Work& work) {
  work.routes = deps_.routes.Cached(work.delivery.tenant);
  if (!work.routes) return false;
  SelectRoutes(work);
  for (const TriggerRoute* route : work.matching) {
    work.graphs.push_back(deps_.definitions.Cached(work.delivery.tenant, route->workflow, route->version));
    if (!work.graphs.back()) return false;
  }
  return true;
}

absl::Status Ingress::Resolve(Work& work) {
  ASSIGN_OR_RETURN(work.routes, deps_.routes.Get(work.delivery.tenant));
  SelectRoutes(work);
  for (const TriggerRoute* route : work.matching) {
    ASSIGN_OR_RETURN(std::shared_ptr<const Graph> graph, deps_.definitions.Get(work.delivery.tenant, route->workflow, route->version));
    work.graphs.push_back(std::move(graph));
  }
  return absl::OkStatus();
}

// Those that match and whose signature rule, if they have one, is met.
void Ingress::SelectRoutes(Work& work) {
  work.matching.clear();
  work.graphs.clear();
  work.refusal = absl::OkStatus();
  const InboundDelivery& delivery = work.delivery;
  for (const TriggerRoute* route : work.routes->Match(delivery.trigger_type, delivery.action_type)) {
    absl::Status verified;
    if (route->signature && !delivery.redelivery_of) {
      verified = VerifySignature(
          *route->signature, [&](std::string_view name) { return Find(delivery.headers, name); }, delivery.body,
          [&](std::string_view name) -> std::optional<std::string_view> {
            auto found = work.routes->secrets.find(std::string(name));
            if (found == work.routes->secrets.end()) return std::nullopt;
            return found->second.Reveal();
          },
          work.received_at);
    }
    verified.ok() ? work.matching.push_back(route) : work.refusal.Update(verified);
  }
  SelectKeys(work);
}

// Each trigger's own rule says which deliveries are the same to its workflow.
void Ingress::SelectKeys(Work& work) {
  work.delivery_id.clear();
  std::vector<std::string> texts;
  for (const TriggerRoute* route : work.matching) {
    std::string& text = texts.emplace_back();
    if (!route->dedupe || work.delivery.redelivery_of) continue;
    std::string id = DeliveryIdBy(*route->dedupe, work.delivery, work.payload);
    if (id.empty()) continue;
    text = KeyBy(*route->dedupe, work.delivery, id);
    if (work.delivery_id.empty()) work.delivery_id = std::move(id);
  }
  std::set<std::string> distinct(texts.begin(), texts.end());
  distinct.erase("");
  work.keys.clear();
  for (const std::string& text : distinct) work.keys.emplace_back().text = text;
  work.key_of.clear();
  for (const std::string& text : texts) {
    work.key_of.push_back(text.empty() ? -1 : static_cast<int>(std::distance(distinct.begin(), distinct.find(text))));
  }
}

void Ingress::Proceed(WorkPtr work) {
  if (work->matching.empty()) return StoreReceipt(work, work->refusal.ok() ? kUnmatched : kRejected);
  if (work->keys.empty()) return StartAll(work);
  // The owner of the first key's shard starts it all. The other keys' rows lie where those keys hash to, as ever, whoever owns that shard:
  // the table's primary key makes sure that each is taken once.
  const InboundDelivery& delivery = work->delivery;
  ShardId shard = ShardOfKey(delivery.tenant, work->keys.front().text);
  if (!deps_.starter.owns(shard)) {
    if (delivery.forwarded) return work->Answer(ShardMoving());
    return deps_.forwarder.Deliver(shard, delivery, [work](const absl::StatusOr<DeliveryAnswer>& answer) { work->Answer(answer); });
  }
  TakeKeys(std::move(work), shard, 0);
}

// One after the other, in the same order for every delivery, so that no two wait for each other.
void Ingress::TakeKeys(WorkPtr work, ShardId shard, size_t next) {
  if (next == work->keys.size()) return StartAll(std::move(work));
  deps_.starter.RunKeyed({
      .tenant = work->delivery.tenant,
      .key = work->keys[next].text,
      .request_hash = crypto::Sha256(work->delivery.body),
      .any_request = true,  // the sender says it is the same delivery
      .place = shard,
      .start =
          [this, work, shard, next](KeyRow row, std::function<void(const absl::Status&)> committed) {
            work->keys[next].is_taken = true;
            work->keys[next].unwritten = std::move(row);
            work->keys[next].committed = std::move(committed);
            TakeKeys(work, shard, next + 1);
          },
      .done =
          [this, work, shard, next, attempt = work->attempts](const absl::StatusOr<Starter::KeyedOutcome>& outcome) {
            // What became of a key that was taken is told by the commit itself.
            if (attempt != work->attempts || work->keys[next].is_taken) return;
            if (!outcome.ok()) return Failed(work, outcome.status());
            work->keys[next].seen = outcome->execution;
            TakeKeys(work, shard, next + 1);
          },
  });
}

// Nothing is stored.
void Ingress::Failed(WorkPtr work, const absl::Status& status) {
  work->CommittedKeys(status);
  if (!work->LostKey(status)) return work->Answer(status);
  if (++work->attempts == kMaxAttempts) {
    return work->Answer(WithRetryAfter(absl::UnavailableError("other deliveries with the same ids are on their way"), absl::Seconds(1)));
  }
  for (Key& key : work->keys) {
    std::string text = std::move(key.text);
    key = Key();
    key.text = std::move(text);
  }
  work->executions.clear();
  Proceed(std::move(work));
}

// A wait that another engine passes on: the execution is in a shard of ours now.
void Ingress::AwaitHere(const InboundDelivery& wait, Answered answered) {
  ExecutionId id = wait.awaited->execution;
  if (!deps_.starter.owns(ShardOf(id))) return answered(ShardMoving());
  deps_.starter.GroupOf(ShardOf(id)).Wait(
      id, wait.tenant, wait.awaited->wait_for, [this, id, tenant = wait.tenant, answered = std::move(answered)](const absl::StatusOr<ExecutionSnapshot>& snapshot) {
        if (absl::IsNotFound(snapshot.status())) return AnswerEnded(id, tenant, answered);
        if (!snapshot.ok()) return answered(snapshot.status());
        DeliveryAnswer answer{{}, {}, kAccepted, snapshot->response};
        if (!answer.response) answer.response = ResponseWithoutNode(id, snapshot->state, snapshot->result);
        answered(answer);
      });
}

// Over before the wait came.
void Ingress::AnswerEnded(ExecutionId id, TenantId tenant, Answered answered) {
  deps_.starter.loader().FindEnding(id, tenant, [id, answered = std::move(answered)](const absl::StatusOr<std::optional<Loader::Ending>>& ending) {
    if (!ending.ok()) return answered(ending.status());
    // Neither open nor over: it could not be loaded just now.
    if (!ending->has_value()) return answered(ShardMoving());
    DeliveryAnswer answer{{}, {}, kAccepted, (*ending)->response};
    if (!answer.response) answer.response = ResponseWithoutNode(id, (*ending)->state, (*ending)->result);
    answered(answer);
  });
}

void Ingress::AwaitElsewhere(WorkPtr work, ExecutionId id, WaitFor wait_for) {
  // The sender's own patience ends the wait; the engine is not told how long that is.
  deps_.forwarder.Await(work->delivery.tenant, {id, wait_for}, absl::InfiniteFuture(), [work](const absl::StatusOr<DeliveryAnswer>& answer) {
    if (!answer.ok()) return work->Answer(answer.status());
    work->Answer(DeliveryAnswer{work->id, work->executions, kAccepted, answer->response});
  });
}

ReceiptRow Ingress::Receipt(const Work& work, std::string_view outcome) const {
  const InboundDelivery& delivery = work.delivery;
  return {.id = work.id,
          .tenant = delivery.tenant,
          .trigger_type = delivery.trigger_type,
          .action_type = delivery.action_type,
          .payload = MakeText(work.payload),
          .headers = FieldsJson(delivery.headers),
          .query = FieldsJson(delivery.query),
          .delivery_id = work.delivery_id.empty() ? std::nullopt : std::optional(work.delivery_id),
          .outcome = outcome,
          .executions = work.executions,
          .redelivery_of = delivery.redelivery_of,
          .received_at = work.received_at};
}

// A delivery that starts nothing is still stored before it is answered.
void Ingress::StoreReceipt(WorkPtr work, std::string_view outcome) {
  absl::StatusOr<ExecutionId> place = deps_.starter.NewId();  // only to find a group that works
  if (!place.ok()) return work->Answer(place.status());
  DeliveryRequest request;
  request.receipt = Receipt(*work, outcome);
  request.received = [work, outcome](const absl::Status& status) {
    if (!status.ok()) return work->Answer(status);
    if (outcome == kRejected) return work->Answer(work->refusal);
    work->Answer(DeliveryAnswer{work->id, work->executions, outcome, std::nullopt});
  };
  absl::Status admitted = deps_.starter.GroupOf(ShardOf(*place)).Deliver(std::move(request));
  if (!admitted.ok()) work->Answer(admitted);
}

// Starts what no key holds back, or stores that nothing was.
void Ingress::StartAll(WorkPtr work) {
  bool starts = false;
  for (int key : work->key_of) starts = starts || key < 0 || work->keys[key].is_taken;
  if (!starts) {
    for (const Key& key : work->keys) work->executions.push_back(*key.seen);
    return StoreReceipt(std::move(work), kDuplicate);
  }
  absl::Status sent = BuildAndSend(work);
  if (!sent.ok()) Failed(std::move(work), sent);
}

absl::Status Ingress::BuildAndSend(const WorkPtr& work) {
  const InboundDelivery& delivery = work->delivery;
  // All in one shard, so that they share a commit.
  ShardId shard;
  if (work->keys.empty()) {
    ASSIGN_OR_RETURN(ExecutionId place, deps_.starter.NewId());
    shard = ShardOf(place);
  } else {
    shard = ShardOfKey(delivery.tenant, work->keys.front().text);
  }
  DeliveryRequest request;
  std::string type = delivery.trigger_type + "." + delivery.action_type;
  Text input = TriggerOutput(type, work->payload, work->received_at, FieldsJson(delivery.headers), FieldsJson(delivery.query));
  bool answers_later = false;
  for (size_t i = 0; i < work->matching.size(); ++i) {
    Key* key = work->key_of[i] < 0 ? nullptr : &work->keys[work->key_of[i]];
    if (key != nullptr && key->seen) continue;
    const TriggerRoute& route = *work->matching[i];
    auto identity = std::make_shared<ExecutionIdentity>();
    // The first start that a key lets through is what the key stands for.
    std::optional<KeyRow> row = key == nullptr ? std::nullopt : std::exchange(key->unwritten, std::nullopt);
    identity->id = row ? row->execution : deps_.starter.NewIdIn(shard);
    identity->tenant = delivery.tenant;
    identity->workflow = route.workflow;
    identity->version = route.version;
    identity->trigger_type = type;
    identity->trigger_node = route.node_id;
    identity->input = input;
    identity->webhook = work->id;
    identity->started_at = work->received_at;
    work->executions.push_back(identity->id);
    StartRequest start{.identity = std::move(identity),
                       .graph = work->graphs[i],
                       .trigger_node = work->graphs[i]->FindNode(route.node_id),
                       .key = std::move(row),
                       .wait_for = WaitFor::kStarted,
                       .waiter = {}};
    if (route.respond != RespondWhen::kNow && !answers_later) {
      answers_later = true;
      start.wait_for = WaitForOf(route.respond);
      start.waiter = [this, work, id = start.identity->id, wait_for = start.wait_for](const absl::StatusOr<ExecutionSnapshot>& snapshot) {
        if (work->LostKey(snapshot.status())) return;  // looked at anew
        if (HasMoved(snapshot.status())) return AwaitElsewhere(work, id, wait_for);
        if (!snapshot.ok()) return work->Answer(snapshot.status());
        DeliveryAnswer answer{work->id, work->executions, kAccepted, snapshot->response};
        if (!answer.response) answer.response = ResponseWithoutNode(id, snapshot->state, snapshot->result);
        work->Answer(answer);
      };
    }
    request.starts.push_back(std::move(start));
  }
  request.receipt = Receipt(*work, kAccepted);
  request.received = [this, work, answers_later](const absl::Status& status) {
    if (!status.ok()) return Failed(work, status);
    work->CommittedKeys(status);
    if (!answers_later) work->Answer(DeliveryAnswer{work->id, work->executions, kAccepted, std::nullopt});
  };
  return deps_.starter.GroupOf(shard).Deliver(std::move(request));
}

}  // namespace penstock::workflow_engine
