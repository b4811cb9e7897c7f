#include "services/workflow_engine/ingress/ingress.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "libs/crypto/hash.h"
#include "libs/json/lookup.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::workflow_engine {
namespace {

constexpr size_t kMaxDeliveryIdBytes = 255;

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
  // A longer id is still one id: its hash stands for it.
  if (id.size() > kMaxDeliveryIdBytes) id = crypto::Sha256(id);
  return id;
}

WaitFor WaitForOf(RespondWhen respond) { return respond == RespondWhen::kCompleted ? WaitFor::kCompleted : WaitFor::kResponse; }

}  // namespace

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
  std::string delivery_id;
  std::vector<ExecutionId> executions;
  std::atomic<bool> done{false};

  void Answer(const absl::StatusOr<DeliveryAnswer>& answer) {
    if (!done.exchange(true)) answered(answer);
  }
};

void Ingress::Deliver(InboundDelivery delivery, Answered answered) {
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
  work.delivery_id.clear();
  for (const TriggerRoute* route : work.matching) {
    if (!route->dedupe || delivery.redelivery_of || !work.delivery_id.empty()) continue;
    work.delivery_id = DeliveryIdBy(*route->dedupe, delivery, work.payload);
  }
}

void Ingress::Proceed(WorkPtr work) {
  if (work->matching.empty()) return StoreReceipt(work, work->refusal.ok() ? kUnmatched : kRejected);
  if (work->delivery_id.empty()) return StartAll(work, std::nullopt, [](const absl::Status&) {});
  const InboundDelivery& delivery = work->delivery;
  std::string key = "webhook/" + delivery.trigger_type + "/" + delivery.action_type + "/" + work->delivery_id;
  ShardId shard = ShardOfKey(delivery.tenant, key);
  if (!deps_.starter.owns(shard)) {
    if (delivery.forwarded) return work->Answer(ShardMoving());
    return deps_.forwarder.Deliver(shard, delivery, [work](const absl::StatusOr<DeliveryAnswer>& answer) { work->Answer(answer); });
  }
  deps_.starter.RunKeyed({
      .tenant = delivery.tenant,
      .key = std::move(key),
      .request_hash = crypto::Sha256(delivery.body),
      .any_request = true,  // the sender says it is the same delivery
      .start = [this, work](KeyRow row, std::function<void(const absl::Status&)> committed) {
        StartAll(work, std::move(row), std::move(committed));
      },
      .done =
          [this, work](const absl::StatusOr<Starter::KeyedOutcome>& outcome) {
            if (!outcome.ok()) return work->Answer(outcome.status());
            if (!outcome->existed) return;  // the start itself answers
            work->executions = {outcome->execution};
            StoreReceipt(work, kDuplicate);
          },
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

void Ingress::StartAll(WorkPtr work, std::optional<KeyRow> key, std::function<void(const absl::Status&)> committed) {
  auto shared = std::make_shared<std::function<void(const absl::Status&)>>(std::move(committed));
  absl::Status sent = BuildAndSend(work, std::move(key), [shared](const absl::Status& status) { (*shared)(status); });
  if (sent.ok()) return;
  (*shared)(sent);
  work->Answer(sent);
}

absl::Status Ingress::BuildAndSend(const WorkPtr& work, std::optional<KeyRow> key, std::function<void(const absl::Status&)> committed) {
  const InboundDelivery& delivery = work->delivery;
  // All in one shard, so that they share a commit.
  ExecutionId first;
  if (key) {
    first = key->execution;
  } else {
    ASSIGN_OR_RETURN(first, deps_.starter.NewId());
  }
  DeliveryRequest request;
  std::string type = delivery.trigger_type + "." + delivery.action_type;
  Text input = TriggerOutput(type, work->payload, work->received_at, FieldsJson(delivery.headers), FieldsJson(delivery.query));
  bool answers_later = false;
  for (size_t i = 0; i < work->matching.size(); ++i) {
    const TriggerRoute& route = *work->matching[i];
    auto identity = std::make_shared<ExecutionIdentity>();
    identity->id = i == 0 ? first : deps_.starter.NewIdIn(ShardOf(first));
    identity->tenant = delivery.tenant;
    identity->workflow = route.workflow;
    identity->version = route.version;
    identity->trigger_type = type;
    identity->trigger_node = route.node_id;
    identity->input = input;
    identity->webhook = work->id;
    identity->started_at = work->received_at;
    work->executions.push_back(identity->id);
    StartRequest start{.identity = std::move(identity), .graph = work->graphs[i], .trigger_node = work->graphs[i]->FindNode(route.node_id)};
    if (i == 0) start.key = std::move(key);
    if (route.respond != RespondWhen::kNow && !answers_later) {
      answers_later = true;
      start.wait_for = WaitForOf(route.respond);
      start.waiter = [work](const absl::StatusOr<ExecutionSnapshot>& snapshot) {
        if (!snapshot.ok()) return work->Answer(snapshot.status());
        DeliveryAnswer answer{work->id, work->executions, kAccepted, snapshot->response};
        if (!answer.response) answer.response = ResponseWithoutNode(*snapshot);
        work->Answer(answer);
      };
    }
    request.starts.push_back(std::move(start));
  }
  request.receipt = Receipt(*work, kAccepted);
  request.received = [work, answers_later, committed](const absl::Status& status) {
    committed(status);
    if (!status.ok()) return work->Answer(status);
    if (!answers_later) work->Answer(DeliveryAnswer{work->id, work->executions, kAccepted, std::nullopt});
  };
  return deps_.starter.GroupOf(ShardOf(first)).Deliver(std::move(request));
}

}  // namespace penstock::workflow_engine
