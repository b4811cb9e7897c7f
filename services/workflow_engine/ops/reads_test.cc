// What is read back of executions, deliveries and events: against the real database, as the role
// that services use.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "services/workflow_engine/ops/get_execution.h"
#include "services/workflow_engine/ops/list_deliveries.h"
#include "services/workflow_engine/ops/list_events.h"
#include "services/workflow_engine/ops/list_executions.h"
#include "services/workflow_engine/testing/recorded.h"

namespace penstock::workflow_engine {
namespace {

// One database for the file: every case has tenants of its own.
Recorded& Store() {
  static Recorded store;
  return store;
}

const absl::Time kNow = absl::Now();

std::vector<ExecutionId> Ids(const ExecutionPage& page) {
  std::vector<ExecutionId> ids;
  for (const auto& execution : page.items) ids.push_back(execution.id);
  return ids;
}

ExecutionPage List(TenantId tenant, ExecutionQuery query = {}) {
  return ListExecutions(Store().pool(), Recorded::CallerOf(tenant), query).value();
}

TEST_CASE("an execution is read back with its outcomes in order and its open nodes after them") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  WorkflowId workflow =
      store.AddVersion(tenant, R"([{"id":"sleep","type":"wait"},{"id":"a","type":"function"}])");
  ExecutionId id = store.Add(RecordedExecution{
      .tenant = tenant, .workflow = workflow, .state = ExecutionState::kRunning, .at = kNow});
  store.Add(RecordedNode{
      .tenant = tenant, .execution = id, .sequence = 2, .node_id = "b", .output = "2"});
  store.Add(RecordedNode{
      .tenant = tenant, .execution = id, .sequence = 1, .node_id = "a", .output = "1"});
  absl::Time wake = absl::FromUnixSeconds(absl::ToUnixSeconds(kNow) + 3600);
  store.Add(RecordedOpenNode{
      .tenant = tenant, .execution = id, .node_id = "sleep", .wake_at = wake, .at = kNow});

  ExecutionRecord found = GetExecution(store.pool(), Recorded::CallerOf(tenant), id).value();
  CHECK(found.state == ExecutionState::kRunning);
  CHECK(found.workflow == workflow);
  CHECK(found.input == R"({"type":"manual","data":1})");
  CHECK(found.result.empty());
  CHECK_FALSE(found.completed_at.has_value());
  REQUIRE(found.nodes.size() == 3);
  CHECK(found.nodes[0].node_id == "a");
  CHECK(found.nodes[1].node_id == "b");
  CHECK(found.nodes[1].output == "2");
  CHECK(found.nodes[1].sequence == 2);
  const NodeRecord& open = found.nodes[2];
  CHECK(open.node_id == "sleep");
  CHECK(open.node_type == "wait");
  CHECK(open.state == NodeState::kWaiting);
  CHECK(open.attempt == 2);
  CHECK(open.sequence == 0);
  CHECK(open.wake_at == wake);
  CHECK_FALSE(open.completed_at.has_value());
}

TEST_CASE("large payloads come back whole, and what only looks like a reference as it is") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  std::string large = "\"" + std::string(100'000, 'x') + "\"";
  std::string reference = store.AddLargePayload(tenant, large);
  std::string imitation = reference.substr(1);
  ExecutionId id = store.Add(
      RecordedExecution{.tenant = tenant, .at = kNow, .input = imitation, .result = reference});
  store.Add(RecordedNode{.tenant = tenant, .execution = id, .output = reference});
  ExecutionRecord found = GetExecution(store.pool(), Recorded::CallerOf(tenant), id).value();
  CHECK(found.result == large);
  CHECK(found.nodes[0].output == large);
  CHECK(found.input == imitation);
}

TEST_CASE("another tenant's execution or delivery is not found, like one that is not there") {
  Recorded& store = Store();
  TenantId owner = Recorded::MakeTenant(), other = Recorded::MakeTenant();
  ExecutionId id = store.Add(RecordedExecution{.tenant = owner, .at = kNow});
  WebhookId webhook = store.Add(RecordedDelivery{.tenant = owner, .at = kNow});
  auth::CallContext caller = Recorded::CallerOf(other);
  absl::Status foreign = GetExecution(store.pool(), caller, id).status();
  CHECK(foreign.code() == absl::StatusCode::kNotFound);
  CHECK(GetExecution(store.pool(), caller, ExecutionId::Make(kNow)).status().code() ==
        absl::StatusCode::kNotFound);
  CHECK(GetDelivery(store.pool(), caller, webhook).status().code() == absl::StatusCode::kNotFound);
  CHECK(ListDeliveries(store.pool(), caller, {.id = webhook}).value().items.empty());
  CHECK(List(other).items.empty());
  CHECK(List(other).total_size == 0);
  CHECK(List(owner).total_size == 1);
  CHECK(GetDelivery(store.pool(), Recorded::CallerOf(owner), webhook).ok());
}

TEST_CASE("pages of executions are newest first, and stay put while new ones start") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  std::vector<ExecutionId> newest_first;
  for (int i = 0; i < 25; ++i) {
    auto state = i % 3 == 0 ? ExecutionState::kFailed : ExecutionState::kCompleted;
    newest_first.insert(
        newest_first.begin(),
        store.Add(RecordedExecution{
            .tenant = tenant, .state = state, .at = kNow - absl::Seconds(100 - i)}));
  }
  ExecutionPage page = List(tenant, {.page_size = 10});
  CHECK(page.total_size == 25);
  std::vector<ExecutionId> seen = Ids(page);
  int pages = 1;
  while (!page.next_page_token.empty()) {
    store.Add(RecordedExecution{.tenant = tenant, .at = kNow + absl::Seconds(pages)});
    page = List(tenant, {.page_size = 10, .page_token = page.next_page_token});
    for (ExecutionId id : Ids(page)) seen.push_back(id);
    ++pages;
  }
  CHECK(pages == 3);
  CHECK(seen == newest_first);
}

TEST_CASE("a page that ends with the last execution has no next page") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  for (int i = 0; i < 4; ++i) store.Add(RecordedExecution{.tenant = tenant, .at = kNow});
  ExecutionPage first = List(tenant, {.page_size = 2});
  ExecutionPage second = List(tenant, {.page_size = 2, .page_token = first.next_page_token});
  CHECK(second.items.size() == 2);
  CHECK(second.next_page_token.empty());
}

TEST_CASE("executions are filtered by state, workflow, time and error text") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  WorkflowId a = WorkflowId::Make(kNow), b = WorkflowId::Make(kNow);
  auto add = [&](WorkflowId workflow, ExecutionState state, int seconds, std::string error = "") {
    return store.Add(RecordedExecution{.tenant = tenant,
                                       .workflow = workflow,
                                       .state = state,
                                       .at = kNow + absl::Seconds(seconds),
                                       .error = error});
  };
  ExecutionId running = add(a, ExecutionState::kRunning, 1);
  ExecutionId failed = add(a, ExecutionState::kFailed, 2,
                           R"({"type":"HTTP_503","message":"The Upstream said 100% no"})");
  ExecutionId other = add(b, ExecutionState::kFailed, 3, R"({"type":"T","message":"boom"})");
  ExecutionId done = add(b, ExecutionState::kCompleted, 4);
  using V = std::vector<ExecutionId>;
  auto with = [&](ExecutionFilter filter) {
    ExecutionPage page = List(tenant, {.filter = filter});
    CHECK(page.total_size == static_cast<int>(page.items.size()));
    return Ids(page);
  };
  CHECK(with({}) == V{done, other, failed, running});
  CHECK(with({.state = ExecutionState::kFailed}) == V{other, failed});
  CHECK(with({.state = ExecutionState::kPaused}) == V{});
  CHECK(with({.workflow = a}) == V{failed, running});
  CHECK(with({.state = ExecutionState::kFailed, .workflow = a}) == V{failed});
  CHECK(with({.started_from = kNow + absl::Seconds(2)}) == V{done, other, failed});
  CHECK(with({.started_before = kNow + absl::Seconds(2)}) == V{running});
  CHECK(with({.started_from = kNow + absl::Seconds(2),
              .started_before = kNow + absl::Seconds(4)}) == V{other, failed});
  CHECK(with({.error_text = "upstream SAID"}) == V{failed});
  CHECK(with({.error_text = "100% no"}) == V{failed});
  CHECK(with({.error_text = "%"}) == V{failed});
  CHECK(with({.workflow = b, .error_text = "boom"}) == V{other});
  CHECK(with({.error_text = "HTTP_503"}) == V{});
}

TEST_CASE("a list has the error but neither input, result nor nodes") {
  TenantId tenant = Recorded::MakeTenant();
  ExecutionId id = Store().Add(RecordedExecution{.tenant = tenant,
                                                 .state = ExecutionState::kFailed,
                                                 .at = kNow,
                                                 .error = R"({"type":"T","message":"m"})"});
  Store().Add(RecordedNode{.tenant = tenant, .execution = id});
  ExecutionRecord listed = List(tenant).items.at(0);
  CHECK(listed.error == R"({"type":"T","message":"m"})");
  CHECK(listed.input.empty());
  CHECK(listed.nodes.empty());
}

TEST_CASE("a page token is refused when it is junk or another list's") {
  TenantId tenant = Recorded::MakeTenant();
  for (int i = 0; i < 3; ++i) Store().Add(RecordedExecution{.tenant = tenant, .at = kNow});
  std::string token = List(tenant, {.page_size = 1}).next_page_token;
  auth::CallContext caller = Recorded::CallerOf(tenant);
  auto code = [&](ExecutionQuery query) {
    return ListExecutions(Store().pool(), caller, query).status().code();
  };
  CHECK(code({.page_token = token}) == absl::StatusCode::kOk);
  CHECK(code({.page_token = "junk"}) == absl::StatusCode::kInvalidArgument);
  CHECK(code({.filter = {.state = ExecutionState::kFailed}, .page_token = token}) ==
        absl::StatusCode::kInvalidArgument);
  CHECK(code({.page_size = -1}) == absl::StatusCode::kInvalidArgument);
  // A token of a list of events that has a position of another form.
  Store().AddEvents(tenant, 2);
  std::string events = ListEvents(Store().pool(), caller, {.page_size = 1}).value().next_page_token;
  CHECK(code({.page_token = events}) == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("totals are counted up to a bound") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  store.Run(
      "INSERT INTO workflow.workflow_executions (shard_id, execution_id, tenant_id, "
      "workflow_id, version, state, trigger_type, trigger_node, input, started_at, "
      "updated_at, completed_at) SELECT 0, gen_random_uuid(), '" +
      tenant.ToString() +
      "', gen_random_uuid(), 1, 'COMPLETED', 'manual', 't', '{}', now(), now(), now() "
      "FROM generate_series(1, 10500)");
  ExecutionPage page = List(tenant, {.page_size = 5});
  CHECK(page.items.size() == 5);
  CHECK(page.total_size == paging::kMaxCounted + 1);
}

TEST_CASE("deliveries are listed newest first with filters, whole payloads and pages") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  auth::CallContext caller = Recorded::CallerOf(tenant);
  std::string large = "\"" + std::string(70'000, 'y') + "\"";
  WebhookId first = store.Add(RecordedDelivery{
      .tenant = tenant, .at = kNow, .payload = store.AddLargePayload(tenant, large)});
  WebhookId second = store.Add(
      RecordedDelivery{.tenant = tenant, .at = kNow + absl::Seconds(1), .action_type = "b"});
  DeliveryPage page = ListDeliveries(store.pool(), caller, {.page_size = 1}).value();
  CHECK(page.total_size == 2);
  CHECK(page.items.at(0).id == second);
  page = ListDeliveries(store.pool(), caller, {.page_size = 1, .page_token = page.next_page_token})
             .value();
  CHECK(page.items.at(0).id == first);
  CHECK(page.items.at(0).payload == large);
  CHECK(page.next_page_token.empty());
  page = ListDeliveries(store.pool(), caller, {.filter = {.action_type = "b"}}).value();
  CHECK(page.items.size() == 1);
  page =
      ListDeliveries(store.pool(), caller, {.filter = {.received_before = kNow + absl::Seconds(1)}})
          .value();
  CHECK(page.items.at(0).id == first);
  CHECK(ListDeliveries(store.pool(), caller, {.id = first}).value().items.at(0).id == first);
}

TEST_CASE("a page of large deliveries is short, and the next one goes on after it") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  std::set<WebhookId> added, seen;
  for (int i = 0; i < 12; ++i) {
    std::string large = "\"" + std::to_string(i) + std::string(1'000'000, 'z') + "\"";
    added.insert(store.Add(RecordedDelivery{
        .tenant = tenant, .at = kNow, .payload = store.AddLargePayload(tenant, large)}));
  }
  DeliveryQuery query;
  do {
    DeliveryPage page = ListDeliveries(store.pool(), Recorded::CallerOf(tenant), query).value();
    CHECK(page.items.size() <= 5);
    for (const auto& delivery : page.items) CHECK(seen.insert(delivery.id).second);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  CHECK(seen == added);
}

TEST_CASE("events are listed newest first, by type, workflow and page") {
  Recorded& store = Store();
  TenantId tenant = Recorded::MakeTenant();
  auth::CallContext caller = Recorded::CallerOf(tenant);
  WorkflowId workflow = WorkflowId::Make(kNow);
  store.AddEvents(tenant, 3, "a");
  store.AddEvents(tenant, 2, "b", workflow);
  auto sequences = [&](EventQuery query) {
    std::vector<int64_t> found;
    EventPage page = ListEvents(store.pool(), caller, query).value();
    for (const auto& event : page.items) {
      found.push_back(event.sequence);
    }
    return found;
  };
  using V = std::vector<int64_t>;
  CHECK(sequences({}) == V{5, 4, 3, 2, 1});
  CHECK(sequences({.filter = {.types = {"a"}}}) == V{3, 2, 1});
  CHECK(sequences({.filter = {.types = {"a", "b"}}}) == V{5, 4, 3, 2, 1});
  CHECK(sequences({.filter = {.workflow = workflow}}) == V{5, 4});
  CHECK(sequences({.filter = {.from = absl::Now() + absl::Hours(1)}}) == V{});
  EventPage page = ListEvents(store.pool(), caller, {.page_size = 2}).value();
  CHECK(page.total_size == 5);
  CHECK(sequences({.page_size = 2, .page_token = page.next_page_token}) == V{3, 2});
  CHECK(ListEvents(store.pool(), Recorded::CallerOf(Recorded::MakeTenant()), {})
            .value()
            .items.empty());
}

}  // namespace
}  // namespace penstock::workflow_engine
