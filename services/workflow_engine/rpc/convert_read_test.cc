#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "libs/status/details.h"
#include "services/workflow_engine/rpc/convert_delivery.h"
#include "services/workflow_engine/rpc/convert_event.h"
#include "services/workflow_engine/rpc/convert_execution.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;

const absl::Time kTime = absl::FromUnixMicros(1'700'000'000'123'456);

std::set<std::string> WrongFields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

TEST_CASE("every state has its own name on the wire, and comes back from a filter") {
  std::set<int> seen;
  for (int i = 0; i <= static_cast<int>(ExecutionState::kTerminated); ++i) {
    ExecutionRecord record;
    record.state = static_cast<ExecutionState>(i);
    v1::Execution proto = ToProto(record);
    CHECK(proto.state() != v1::EXECUTION_STATE_UNSPECIFIED);
    CHECK(seen.insert(proto.state()).second);
    v1::ListExecutionsRequest request;
    request.set_state(proto.state());
    CHECK(FromProto(request).value().filter.state == record.state);
  }
  seen.clear();
  for (int i = 0; i <= static_cast<int>(NodeState::kCancelled); ++i) {
    NodeRecord record;
    record.state = static_cast<NodeState>(i);
    CHECK(ToProto(record).state() != v1::NODE_STATE_UNSPECIFIED);
    CHECK(seen.insert(ToProto(record).state()).second);
  }
}

TEST_CASE("an execution on the wire says what is on record and leaves out what is not") {
  ExecutionRecord record{.id = ExecutionId::Make(kTime),
                         .workflow = WorkflowId::Make(kTime),
                         .version = 3,
                         .state = ExecutionState::kFailed,
                         .trigger_type = "webhook.test",
                         .input = R"({"type":"webhook","data":{"n":9007199254740992}})",
                         .result = "",
                         .error = R"({"type":"T","message":"m","nodeId":"n","stack":"s"})",
                         .idempotency_key = "k",
                         .webhook = WebhookId::Make(kTime),
                         .started_at = kTime,
                         .completed_at = kTime + absl::Seconds(1),
                         .nodes = {{.node_id = "n",
                                    .node_type = "wait",
                                    .state = NodeState::kWaiting,
                                    .input = "",
                                    .output = "null",
                                    .error = "",
                                    .started_at = kTime,
                                    .completed_at = {},
                                    .wake_at = kTime,
                                    .branch = ""}}};
  v1::Execution proto = ToProto(record);
  CHECK(proto.id() == record.id.ToString());
  CHECK(proto.version() == 3);
  CHECK(proto.webhook_id() == record.webhook->ToString());
  CHECK(proto.input().struct_value().fields().at("type").string_value() == "webhook");
  CHECK_FALSE(proto.has_result());
  CHECK(proto.error().type() == "T");
  CHECK(proto.error().node_id() == "n");
  CHECK(proto.error().stack() == "s");
  CHECK(proto.start_time().seconds() == 1'700'000'000);
  CHECK(proto.start_time().nanos() == 123'456'000);
  REQUIRE(proto.node_executions_size() == 1);
  const v1::NodeExecution& node = proto.node_executions(0);
  CHECK(node.has_output());
  CHECK(node.output().kind_case() == google::protobuf::Value::kNullValue);
  CHECK_FALSE(node.has_input());
  CHECK_FALSE(node.has_end_time());
  CHECK(node.has_wake_time());
}

TEST_CASE("an error on record that is no object of strings does not spoil the answer") {
  for (const char* error : {"5", "{\"type\":1,\"message\":null}", "[", ""}) {
    ExecutionRecord record;
    record.error = error;
    CHECK(ToProto(record).error().message().empty());
  }
}

TEST_CASE("a list request names every field that is wrong") {
  v1::ListExecutionsRequest request;
  request.set_state(static_cast<v1::ExecutionState>(99));
  request.set_workflow_id("nonsense");
  request.mutable_start_time()->set_nanos(-1);
  request.mutable_end_time()->set_seconds(999'999'999'999'999);
  request.set_error_text(std::string(201, 'x'));
  CHECK(WrongFields(FromProto(request).status()) ==
        std::set<std::string>{"state", "workflow_id", "start_time", "end_time", "error_text"});
  CHECK(FromProto(v1::ListExecutionsRequest()).ok());

  v1::ListDeliveriesInternalRequest deliveries;
  deliveries.set_id("x");
  deliveries.mutable_end_time()->set_nanos(2'000'000'000);
  CHECK(WrongFields(FromProto(deliveries).status()) == std::set<std::string>{"id", "end_time"});

  v1::SubscribeEventsRequest subscribe;
  subscribe.set_from_sequence_number(-1);
  subscribe.set_workflow_id("x");
  for (int i = 0; i < 51; ++i) subscribe.add_types("t");
  CHECK(WrongFields(FromProto(subscribe).status()) ==
        std::set<std::string>{"from_sequence_number", "workflow_id", "types"});

  v1::ReplayEventsRequest replay;
  replay.mutable_start_time()->set_nanos(-5);
  CHECK(WrongFields(FromProto(replay).status()) == std::set<std::string>{"start_time"});
}

TEST_CASE("times before 1970 keep positive nanoseconds") {
  EventRecord record;
  record.at = absl::FromUnixMicros(-1);
  record.payload = "{}";
  v1::Event proto = ToProto(record);
  CHECK(proto.timestamp().seconds() == -1);
  CHECK(proto.timestamp().nanos() == 999'999'000);
}

TEST_CASE("pages keep their order, token and total") {
  EventPage page{.items = {EventRecord{.sequence = 2, .type = "b", .payload = "1"},
                           EventRecord{.sequence = 1, .type = "a", .payload = "1"}},
                 .next_page_token = "t",
                 .total_size = 7};
  v1::ListEventsResponse proto = ToProto(page);
  CHECK(proto.events(0).sequence_number() == 2);
  CHECK(proto.events(1).type() == "a");
  CHECK(proto.next_page_token() == "t");
  CHECK(proto.total_size() == 7);
}

}  // namespace
}  // namespace penstock::workflow_engine
