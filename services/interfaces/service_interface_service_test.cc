// ServiceInterfaceService over gRPC: a real database, in front of a fake engine.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/create_channel.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "penstock/interfaces/v1/service_interface.grpc.pb.h"
#include "services/interfaces/testing/service_fixture.h"

namespace penstock::interfaces {
namespace {

using auth::Role;
using penstock::testing::Check;
using testing::ServiceFixture;
using InterfaceStub = v1::ServiceInterfaceService::Stub;

template <typename Message>
Message Parse(const std::string& json) {
  Message message;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &message);
  if (!parsed.ok()) penstock::testing::Fail(json, std::string(parsed.message()));
  return message;
}

constexpr char kOrder[] = R"({"type":"object","required":["total"],
  "properties":{"total":{"type":"number","minimum":0},"items":{"type":"array","items":{"type":"string"}}}})";

struct Service : ServiceFixture {
  Service() {
    Start();
    stub = v1::ServiceInterfaceService::NewStub(grpc::CreateChannel(
        fmt::format("127.0.0.1:{}", app->grpc_port()), grpc::InsecureChannelCredentials()));
    us = AddApiKey(acme, Role::kOwner);
    them = AddApiKey(slow, Role::kOwner);
    orders = AddService(acme, billing_project);
    other = AddService(acme, other_project);
  }

  // A workflow in a new project.
  std::string AddService(TenantId tenant, std::string& project) {
    project = Uuid::MakeV7(absl::Now()).ToString();
    const std::string id = Uuid::MakeV7(absl::Now()).ToString();
    Check(database.ConnectAsSuperuser()->ExecuteScript(fmt::format(
              "INSERT INTO tenancy.projects (tenant_id, project_id, name) VALUES ('{0}', '{1}', "
              "'{1}');"
              "INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
              "service_display_name) VALUES ('{0}', '{2}', '{1}', 'orders', 'Orders')",
              tenant.ToString(), project, id)),
          "add a workflow");
    return id;
  }
  std::string KeyOf(const std::string& project) {
    const std::string key = AddApiKey(acme, Role::kOwner);
    Check(database.ConnectAsSuperuser()->ExecuteScript(fmt::format(
              "UPDATE tenancy.api_keys SET project_id = '{}' WHERE api_key_id = "
              "(SELECT api_key_id FROM tenancy.api_keys ORDER BY created_at DESC LIMIT 1)",
              project)),
          "limit the key");
    return key;
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (InterfaceStub::*method)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                                const std::string& json, const std::string& key) {
    grpc::ClientContext context;
    rpc::PrepareCall(context, key, absl::Now() + absl::Seconds(20));
    Response response;
    const grpc::Status status = ((*stub).*method)(&context, Parse<Request>(json), &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }
  absl::StatusOr<v1::ServiceInterface> Create(const std::string& type, const std::string& name,
                                              const std::string& more = "",
                                              const std::string& service = "",
                                              const std::string& key = "") {
    return Call(
        &InterfaceStub::CreateServiceInterface,
        fmt::format(
            R"({{"serviceInterface":{{"serviceId":"{}","name":"{}","type":"INTERFACE_TYPE_{}"{}}}}})",
            service.empty() ? orders : service, name, type, more),
        key.empty() ? us : key);
  }
  std::string Make(const std::string& type, const std::string& name, const std::string& more = "") {
    return Check(Create(type, name, more), name).id();
  }
  absl::StatusOr<v1::InvokeServiceInterfaceResponse> Invoke(const std::string& id,
                                                            const std::string& more = "",
                                                            const std::string& key = "") {
    return Call(&InterfaceStub::InvokeServiceInterface, fmt::format(R"({{"id":"{}"{}}})", id, more),
                key.empty() ? us : key);
  }
  std::vector<std::string> NamesOfService(const std::string& service) {
    std::vector<std::string> names;
    const auto all = Check(
        Call(&InterfaceStub::GetByService, fmt::format(R"({{"serviceId":"{}"}})", service), us),
        "get by service");
    for (const auto& interface : all.service_interfaces()) names.push_back(interface.name());
    return names;
  }

  std::unique_ptr<InterfaceStub> stub;
  std::string us, them, orders, other, billing_project, other_project;
};

std::string FieldsOf(const absl::Status& status) {
  std::string fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields += violation.field + " ";
  return fields;
}

TEST_CASE_METHOD(Service, "an interface is made, read, listed, changed and deleted") {
  const auto made = Check(
      Create("START_CHILD", "place", fmt::format(R"(,"payloadSchema":{},"isPublic":true)", kOrder)),
      "create");
  CHECK(made.display_name() == "place");
  CHECK(made.tenant_id() == acme.ToString());
  CHECK(made.payload_schema().fields().contains("required"));
  CHECK_FALSE(made.has_return_schema());
  const std::string id = fmt::format(R"({{"id":"{}"}})", made.id());
  CHECK(Check(Call(&InterfaceStub::GetServiceInterface, id, us), "get").is_public());
  Make("SIGNAL", "approve", R"(,"callableName":"approved")");
  Make("QUERY", "state", R"(,"callableName":"getState","returnSchema":{"type":"object"})");
  CHECK(NamesOfService(orders) == std::vector<std::string>{"state", "approve", "place"});

  const auto page =
      Check(Call(&InterfaceStub::ListServiceInterfaces, R"({"pageSize":2})", us), "list");
  CHECK(page.total_size() == 3);
  CHECK(page.service_interfaces(0).name() == "state");
  const auto rest =
      Check(Call(&InterfaceStub::ListServiceInterfaces,
                 fmt::format(R"({{"pageSize":2,"pageToken":"{}"}})", page.next_page_token()), us),
            "rest");
  CHECK(rest.service_interfaces_size() == 1);
  CHECK(
      Check(Call(&InterfaceStub::ListServiceInterfaces, R"({"type":"INTERFACE_TYPE_SIGNAL"})", us),
            "list")
          .total_size() == 1);
  CHECK(Check(Call(&InterfaceStub::ListServiceInterfaces,
                   fmt::format(R"({{"serviceId":"{}"}})", other), us),
              "list")
            .total_size() == 0);

  const auto changed =
      Check(Call(&InterfaceStub::UpdateServiceInterface,
                 fmt::format(R"({{"serviceInterface":{{"id":"{}","displayName":"Place an order"}},
                         "updateMask":"displayName,isPublic"}})",
                             made.id()),
                 us),
            "update");
  CHECK(changed.display_name() == "Place an order");
  CHECK_FALSE(changed.is_public());
  CHECK(changed.payload_schema().fields().contains("required"));
  Check(Call(&InterfaceStub::DeleteServiceInterface, id, us).status(), "delete");
  CHECK(absl::IsNotFound(Call(&InterfaceStub::GetServiceInterface, id, us).status()));
}

TEST_CASE_METHOD(Service, "what callers rely on never changes") {
  const std::string id = Make("SIGNAL", "approve", R"(,"callableName":"approved")");
  const auto update = [&](const std::string& more, const std::string& mask = "") {
    return Call(&InterfaceStub::UpdateServiceInterface,
                fmt::format(R"({{"serviceInterface":{{"id":"{}",{}}}{}}})", id, more, mask), us)
        .status();
  };
  CHECK(FieldsOf(update(R"("name":"other")")) == "service_interface.name ");
  CHECK(FieldsOf(update(R"("callableName":"x","type":"INTERFACE_TYPE_QUERY")")) ==
        "service_interface.type service_interface.callable_name ");
  CHECK(FieldsOf(update(fmt::format(R"("serviceId":"{}")", other))) ==
        "service_interface.service_id ");
  CHECK(FieldsOf(update(R"("name":"other")", R"(,"updateMask":"name")")) == "update_mask ");
  CHECK(update(R"("name":"approve","description":"Says yes.")").ok());
}

TEST_CASE_METHOD(Service, "a name is unique in its service") {
  Make("SIGNAL", "approve", R"(,"callableName":"approved")");
  const absl::Status taken = Create("START_CHILD", "approve").status();
  CHECK(taken.code() == absl::StatusCode::kAlreadyExists);
  CHECK(ReasonOf(taken) == "INTERFACE_NAME_TAKEN");
  CHECK(Create("START_CHILD", "approve", "", other).ok());
}

TEST_CASE_METHOD(Service, "an interface that could not be called is refused by field") {
  CHECK(FieldsOf(Create("UPDATE", "rename", R"(,"callableName":"rename")").status()) ==
        "service_interface.type ");
  CHECK(FieldsOf(Create("SIGNAL", "approve").status()) == "service_interface.callable_name ");
  CHECK(FieldsOf(Create("START_CHILD", "start", R"(,"callableName":"x")").status()) ==
        "service_interface.callable_name ");
  CHECK(FieldsOf(Create("QUERY", "state",
                        R"(,"callableName":"getState","payloadSchema":{"type":"null"})")
                     .status()) == "service_interface.payload_schema ");
  CHECK(
      FieldsOf(Create("SIGNAL", "approve", R"(,"callableName":"a","returnSchema":{})").status()) ==
      "service_interface.return_schema ");
  CHECK(FieldsOf(Create("START_CHILD", "no good!").status()) == "service_interface.name ");
  CHECK(FieldsOf(Create("UNSPECIFIED", "start").status()) == "service_interface.type ");
  const std::string nowhere = Uuid::MakeV7(absl::Now()).ToString();
  CHECK(absl::IsNotFound(Create("START_CHILD", "start", "", nowhere).status()));
}

TEST_CASE_METHOD(Service, "schemas are bounded, local and free of patterns that stall") {
  const auto fields = [&](const std::string& schema) {
    return FieldsOf(Create("START_CHILD", "start", ",\"payloadSchema\":" + schema).status());
  };
  CHECK(fields(R"({"type":"objekt"})") == "service_interface.payload_schema/type ");
  CHECK(fields(R"({"properties":{"a":{"$ref":"https://example.com/schema.json"}}})") ==
        "service_interface.payload_schema/properties/a/$ref ");
  CHECK(fields(R"({"pattern":"(?=a)b"})") == "service_interface.payload_schema/pattern ");
  CHECK(fields(fmt::format(R"({{"description":"{}"}})", std::string(33 << 10, 'x'))) ==
        "service_interface.payload_schema ");
}

TEST_CASE_METHOD(Service, "a start hands the payload to the service, once for each key") {
  const std::string id =
      Make("START_CHILD", "place", fmt::format(R"(,"payloadSchema":{})", kOrder));
  const std::string call = R"(,"payload":{"total":7},"idempotencyKey":"order-1")";
  const auto first = Check(Invoke(id, call), "invoke");
  CHECK(Check(Invoke(id, call), "again").execution_id() == first.execution_id());
  CHECK_FALSE(first.has_result());
  const auto starts = engine->executions().starts();
  REQUIRE(starts.size() == 2);
  CHECK(starts[0].workflow_id() == orders);
  CHECK(starts[0].input().struct_value().fields().at("total").number_value() == 7);
  CHECK(starts[0].idempotency_key().starts_with("interface/0/" + id + "/"));
  // The same key at another interface is another call.
  const std::string again = Make("START_CHILD", "place-too");
  CHECK(Check(Invoke(again, call), "another").execution_id() != first.execution_id());
}

TEST_CASE_METHOD(Service, "a payload that does not match starts nothing and says where") {
  const std::string id =
      Make("START_CHILD", "place", fmt::format(R"(,"payloadSchema":{})", kOrder));
  const absl::Status refused = Invoke(id, R"(,"payload":{"total":-1,"items":["a",2]})").status();
  CHECK(refused.code() == absl::StatusCode::kInvalidArgument);
  CHECK(ReasonOf(refused) == "PAYLOAD_MISMATCH");
  CHECK(FieldsOf(refused) == "payload/items/1 payload/total ");
  CHECK(FieldsOf(Invoke(id).status()) == "payload ");
  CHECK(engine->executions().starts().empty());
}

TEST_CASE_METHOD(Service, "an execution that is waited for is the answer, checked") {
  const std::string id =
      Make("START_CHILD", "place", R"(,"returnSchema":{"properties":{"ok":{"type":"boolean"}}})");
  const std::string wait = R"(,"wait":"INVOKE_WAIT_COMPLETED")";
  engine->executions().EndAs(Parse<workflow::v1::Execution>(R"({"result":{"ok":true}})"));
  CHECK(Check(Invoke(id, wait), "wait").result().struct_value().fields().at("ok").bool_value());
  engine->executions().EndAs(Parse<workflow::v1::Execution>(R"({"result":{"ok":"yes"}})"));
  const absl::Status mismatch = Invoke(id, wait).status();
  CHECK(mismatch.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ReasonOf(mismatch) == "RETURN_MISMATCH");
  CHECK_FALSE(MetadataOf(mismatch, "execution_id").empty());
  CHECK(std::string(mismatch.message()).find("result/ok") != std::string::npos);
  engine->executions().EndAs(Parse<workflow::v1::Execution>(
      R"({"state":"EXECUTION_STATE_FAILED","error":{"type":"OUT_OF_STOCK","message":"no more"}})"));
  const absl::Status failed = Invoke(id, wait).status();
  CHECK(ReasonOf(failed) == "CALLEE_FAILED");
  CHECK(MetadataOf(failed, "state") == "FAILED");
  CHECK(MetadataOf(failed, "error_type") == "OUT_OF_STOCK");
  CHECK_FALSE(MetadataOf(failed, "execution_id").empty());
}

TEST_CASE_METHOD(Service, "a signal and a query reach an execution of their own service only") {
  const std::string approve =
      Make("SIGNAL", "approve", R"(,"callableName":"approved","payloadSchema":{"type":"boolean"})");
  const std::string state =
      Make("QUERY", "state", R"(,"callableName":"getState","returnSchema":{"type":"string"})");
  const std::string ours = engine->executions().Add(orders);
  const std::string others = engine->executions().Add(other);
  const auto with = [](const std::string& execution, const std::string& more = "") {
    return fmt::format(R"(,"executionId":"{}"{})", execution, more);
  };
  CHECK(Check(Invoke(approve, with(ours, R"(,"payload":true,"idempotencyKey":"k")")), "signal")
            .execution_id() == ours);
  const auto signals = engine->executions().signals();
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].name() == "approved");
  CHECK(signals[0].payload().bool_value());
  CHECK(signals[0].dedupe_id().starts_with("interface/" + approve + "/"));

  google::protobuf::Value answer;
  answer.set_string_value("open");
  engine->executions().Answer(answer);
  CHECK(Check(Invoke(state, with(ours)), "query").result().string_value() == "open");
  answer.set_bool_value(true);
  engine->executions().Answer(answer);
  CHECK(ReasonOf(Invoke(state, with(ours)).status()) == "RETURN_MISMATCH");

  CHECK(absl::IsNotFound(Invoke(approve, with(others, R"(,"payload":true)")).status()));
  CHECK(absl::IsNotFound(Invoke(state, with(others)).status()));
  CHECK(engine->executions().signals().size() == 1);
  CHECK(engine->executions().queries().size() == 2);
  CHECK(FieldsOf(Invoke(state).status()) == "execution_id ");
  CHECK(FieldsOf(Invoke(state, with(ours, R"(,"payload":1)")).status()) == "payload ");
  CHECK(FieldsOf(Invoke(approve, with(ours, R"(,"payload":true,"wait":"INVOKE_WAIT_COMPLETED")"))
                     .status()) == "wait ");
}

TEST_CASE_METHOD(Service, "another tenant's interface is not there") {
  const std::string id = Make("START_CHILD", "place");
  const std::string named = fmt::format(R"({{"id":"{}"}})", id);
  CHECK(absl::IsNotFound(Call(&InterfaceStub::GetServiceInterface, named, them).status()));
  CHECK(absl::IsNotFound(Call(&InterfaceStub::DeleteServiceInterface, named, them).status()));
  CHECK(absl::IsNotFound(Invoke(id, "", them).status()));
  CHECK(absl::IsNotFound(Create("START_CHILD", "mine", "", orders, them).status()));
  CHECK(absl::IsNotFound(
      Call(&InterfaceStub::GetByService, fmt::format(R"({{"serviceId":"{}"}})", orders), them)
          .status()));
  CHECK(Check(Call(&InterfaceStub::ListServiceInterfaces, "{}", them), "list").total_size() == 0);
}

TEST_CASE_METHOD(Service, "a key that is limited to a project has the interfaces of its services") {
  const std::string own = Make("START_CHILD", "place");
  const std::string key = KeyOf(billing_project), elsewhere = KeyOf(other_project);
  CHECK(Invoke(own, "", key).ok());
  CHECK(absl::IsNotFound(Invoke(own, "", elsewhere).status()));
  CHECK(absl::IsNotFound(Create("START_CHILD", "x", "", orders, elsewhere).status()));
  CHECK(Check(Call(&InterfaceStub::ListServiceInterfaces, "{}", key), "list").total_size() == 1);
  CHECK(Check(Call(&InterfaceStub::ListServiceInterfaces, "{}", elsewhere), "list").total_size() ==
        0);
  CHECK(engine->executions().starts().size() == 1);
}

TEST_CASE_METHOD(Service, "a depth is for services, and has an end") {
  const std::string id = Make("START_CHILD", "place");
  CHECK(FieldsOf(Invoke(id, R"(,"depth":1,"idempotencyKey":"k")").status()) == "depth ");
  const auto tokens = Check(
      auth::ServiceTokens::Create(crypto::Secret(std::string(64, 'k')), "connector-service", clock),
      "tokens");
  const std::string service = tokens->Make(acme);
  CHECK(Invoke(id, R"(,"depth":16,"idempotencyKey":"k")", service).ok());
  CHECK(engine->executions().starts().at(0).idempotency_key().starts_with("interface/16/"));
  CHECK(ReasonOf(Invoke(id, R"(,"depth":17,"idempotencyKey":"k")", service).status()) ==
        "CALL_TOO_DEEP");
  CHECK(FieldsOf(Invoke(id, R"(,"depth":1)", service).status()) == "idempotency_key ");
}

TEST_CASE_METHOD(Service, "a viewer reads, an operator calls, a developer changes") {
  const std::string id = Make("START_CHILD", "place");
  const std::string viewer = AddApiKey(acme, Role::kViewer);
  const std::string caller = AddApiKey(acme, Role::kOperator);
  CHECK(
      Call(&InterfaceStub::GetServiceInterface, fmt::format(R"({{"id":"{}"}})", id), viewer).ok());
  CHECK(absl::IsPermissionDenied(Invoke(id, "", viewer).status()));
  CHECK(Invoke(id, "", caller).ok());
  CHECK(absl::IsPermissionDenied(Create("START_CHILD", "x", "", "", caller).status()));
}

TEST_CASE_METHOD(Service, "an engine that is away is told without its address") {
  const std::string id = Make("START_CHILD", "place");
  engine.reset();
  const absl::Status away = Invoke(id).status();
  CHECK(ReasonOf(away) == "ENGINE_UNREACHABLE");
  CHECK(std::string(away.message()).find("127.0.0.1") == std::string::npos);
}

TEST_CASE_METHOD(Service, "every change is a row of the audit log, and goes with its service") {
  const std::string id = Make("START_CHILD", "place");
  auto superuser = database.ConnectAsSuperuser();
  const auto count = [&](const char* sql) {
    return Check(superuser->Execute({"count", sql}), sql).Get<int64_t>(0, 0);
  };
  CHECK(
      count("SELECT count(*) FROM tenancy.audit_log WHERE action = 'service_interface.created'") ==
      1);
  Check(superuser->ExecuteScript("DELETE FROM workflow.workflows WHERE workflow_id = '" + orders +
                                 "'"),
        "delete the workflow");
  CHECK(count("SELECT count(*) FROM interface.service_interfaces") == 0);
}

}  // namespace
}  // namespace penstock::interfaces
