// WorkflowService as its callers see it: over gRPC, with API keys, on a real database.
#include "services/workflow_engine/rpc/workflow_service.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/workflow_engine/ops/create_workflow.h"
#include "services/workflow_engine/ops/publish_workflow.h"
#include "services/workflow_engine/testing/workflow_server.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;
using Stub = WorkflowServer::Stub;
using google::protobuf::util::MessageDifferencer;

WorkflowServer& Server() {
  static WorkflowServer server;
  return server;
}

template <typename Message>
Message FromJson(const std::string& json) {
  Message message;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &message);
  if (!parsed.ok()) testing::Fail(json, parsed.ToString());
  return message;
}

// Seed 002's sample, with a trigger of this action.
v1::Definition Sample(const std::string& action = "test") {
  v1::Definition definition = FromJson<v1::Definition>(R"json({
    "nodes": [
      {"id": "trigger-1", "name": "Webhook Trigger", "type": "trigger",
       "config": {"triggerType": "webhook"}, "position": {"x": 10.5, "y": -3}},
      {"id": "process-1", "name": "Process Data", "type": "function",
       "config": {"code": "return { result: input.data.message + \" processed\" };"},
       "retry": {"maximumAttempts": 3, "jitter": 0}, "timeoutSeconds": 2.5},
      {"id": "response-1", "name": "Send Response", "type": "response",
       "config": {"template": "The processed result is: {{result}}"}}],
    "edges": [{"source": "trigger-1", "target": "process-1"},
              {"source": "process-1", "target": "response-1", "condition": "input.result"}],
    "variables": {"greeting": "hi", "list": [1, 2.5, null, true]},
    "settings": {"timeoutSeconds": 60}})json");
  (*definition.mutable_nodes(0)->mutable_config()->mutable_fields())["actionType"].set_string_value(
      action);
  return definition;
}

// A tenant and what its owner can do.
class Tenant {
 public:
  explicit Tenant(const std::string& slug)
      : tenant_(Server().AddTenant(slug)), key_(tenant_.api_key) {}

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    return Server().Call(key_, method, request);
  }

  absl::StatusOr<v1::Workflow> Create(const v1::Workflow& workflow,
                                      const std::string& request_id = "") const {
    v1::CreateWorkflowRequest request;
    *request.mutable_workflow() = workflow;
    request.set_request_id(request_id);
    return Call(&Stub::CreateWorkflow, request);
  }
  v1::Workflow Created(const std::string& name = "sample") const {
    v1::Workflow workflow;
    workflow.set_name(name);
    *workflow.mutable_definition() = Sample();
    return testing::Check(Create(workflow), "create");
  }
  v1::Workflow Published() const {
    return testing::Check(Act(&Stub::PublishWorkflow, Created().id()), "publish");
  }

  template <typename Request>
  absl::StatusOr<v1::Workflow> Act(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, v1::Workflow*),
                                   const std::string& id) const {
    Request request;
    request.set_id(id);
    return Call(method, request);
  }
  absl::StatusOr<v1::Workflow> Get(const std::string& id) const {
    return Act(&Stub::GetWorkflow, id);
  }
  absl::StatusOr<v1::Workflow> Update(const v1::Workflow& workflow,
                                      const std::vector<std::string>& mask) const {
    v1::UpdateWorkflowRequest request;
    *request.mutable_workflow() = workflow;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return Call(&Stub::UpdateWorkflow, request);
  }
  absl::StatusOr<v1::Workflow> SetDefinition(const std::string& id,
                                             const v1::Definition& definition) const {
    v1::Workflow workflow;
    workflow.set_id(id);
    *workflow.mutable_definition() = definition;
    return Update(workflow, {"definition"});
  }

  const testing::TestTenant& ids() const { return tenant_; }
  const std::string& key() const { return key_; }
  void Use(std::string key) { key_ = std::move(key); }

 private:
  testing::TestTenant tenant_;
  std::string key_;
};

// "node@version type/action" of each trigger row.
std::string Routes(const std::string& workflow_id) {
  return Server().Ask(fmt::format(
      "SELECT coalesce(string_agg(format('%s@%s %s/%s', node_id, version, trigger_type, "
      "action_type), ',' ORDER BY node_id), '') FROM workflow.triggers WHERE workflow_id = '{}'",
      workflow_id));
}

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

TEST_CASE("a created workflow is a draft of the default project, and comes back as it was given") {
  const Tenant tenant("create");
  v1::Workflow asked;
  asked.set_name("Sample");
  asked.set_description("Says what it was told");
  *asked.mutable_definition() = Sample();
  asked.add_tags("test");
  const absl::StatusOr<v1::Workflow> created = tenant.Create(asked);
  REQUIRE(created.status() == absl::OkStatus());
  CHECK(WorkflowId::Parse(created->id()).has_value());
  CHECK(created->tenant_id() == tenant.ids().tenant.ToString());
  CHECK(created->project_id() == tenant.ids().project.ToString());
  CHECK(created->status() == v1::WORKFLOW_STATUS_DRAFT);
  CHECK(created->version() == 0);
  CHECK(created->service_display_name() == "Sample");
  CHECK(created->display_name() == "Sample");
  CHECK(created->tags_size() == 1);
  CHECK(created->create_time().seconds() > 0);
  INFO(created->definition().DebugString());
  CHECK(MessageDifferencer::Equals(created->definition(), Sample()));
  CHECK(MessageDifferencer::Equals(*tenant.Get(created->id()), *created));
}

TEST_CASE("the older spelling of the display name is taken, and the newer one wins") {
  const Tenant tenant("display");
  v1::Workflow asked;
  asked.set_name("w");
  asked.set_display_name("Older");
  CHECK(tenant.Create(asked)->service_display_name() == "Older");
  asked.set_service_display_name("Newer");
  const v1::Workflow created = *tenant.Create(asked);
  CHECK(created.service_display_name() == "Newer");
  CHECK(created.display_name() == "Newer");
}

TEST_CASE("the same request id makes a workflow once, and refuses to make another") {
  const Tenant tenant("idempotent");
  v1::Workflow asked;
  asked.set_name("once");
  const v1::Workflow first = *tenant.Create(asked, "key-1");
  CHECK(tenant.Create(asked, "key-1")->id() == first.id());
  CHECK(tenant.Create(asked, "key-2")->id() != first.id());
  CHECK(tenant.Create(asked)->id() != first.id());
  asked.set_description("something else");
  const absl::Status status = tenant.Create(asked, "key-1").status();
  CHECK(absl::IsAlreadyExists(status));
  CHECK(ReasonOf(status) == kRequestIdReused);
  const Tenant other("idempotent-other");
  CHECK(other.Create(asked, "key-1").ok());
}

TEST_CASE("fifty requests at once with one request id make one workflow") {
  const Tenant tenant("fifty");
  constexpr int kCallers = 50;
  std::vector<std::string> ids(kCallers);
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      v1::Workflow asked;
      asked.set_name("once");
      const absl::StatusOr<v1::Workflow> created = tenant.Create(asked, "one-key");
      ids[i] = created.ok() ? created->id() : created.status().ToString();
    });
  }
  for (std::thread& caller : callers) caller.join();
  const std::set<std::string> distinct(ids.begin(), ids.end());
  REQUIRE(distinct.size() == 1);
  CHECK(WorkflowId::Parse(*distinct.begin()).has_value());
  CHECK(tenant.Call(&Stub::ListWorkflows, v1::ListWorkflowsRequest())->total_size() == 1);
}

TEST_CASE("a list is walked page by page, newest first, each workflow once") {
  const Tenant tenant("paging");
  std::vector<std::string> created;
  for (int i = 0; i < 5; ++i) created.insert(created.begin(), tenant.Created().id());
  v1::ListWorkflowsRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  int pages = 0;
  do {
    const absl::StatusOr<v1::ListWorkflowsResponse> page =
        tenant.Call(&Stub::ListWorkflows, request);
    REQUIRE(page.status() == absl::OkStatus());
    CHECK(page->total_size() == 5);
    for (const v1::Workflow& workflow : page->workflows()) {
      seen.push_back(workflow.id());
      CHECK_FALSE(workflow.has_definition());
    }
    request.set_page_token(page->next_page_token());
    REQUIRE(++pages <= 3);
  } while (!request.page_token().empty());
  CHECK(pages == 3);
  CHECK(seen == created);
}

TEST_CASE("a page that ends with the list has no next one, and a huge page size is cut") {
  const Tenant tenant("page-end");
  tenant.Created();
  tenant.Created();
  v1::ListWorkflowsRequest request;
  request.set_page_size(2);
  CHECK(tenant.Call(&Stub::ListWorkflows, request)->next_page_token().empty());
  request.set_page_size(1'000'000);
  CHECK(tenant.Call(&Stub::ListWorkflows, request)->workflows_size() == 2);
}

TEST_CASE("bad pages are refused by name") {
  const Tenant tenant("bad-page");
  tenant.Created();
  tenant.Created();
  v1::ListWorkflowsRequest request;
  request.set_page_size(-1);
  CHECK(Fields(tenant.Call(&Stub::ListWorkflows, request).status()) ==
        std::set<std::string>{"page_size"});
  request.set_page_size(1);
  for (const char* token : {"x", "AAAA", "%%%", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    request.set_page_token(token);
    CHECK(Fields(tenant.Call(&Stub::ListWorkflows, request).status()) ==
          std::set<std::string>{"page_token"});
  }
  request.clear_page_token();
  request.set_page_token(tenant.Call(&Stub::ListWorkflows, request)->next_page_token());
  request.set_text("another filter");
  CHECK(Fields(tenant.Call(&Stub::ListWorkflows, request).status()) ==
        std::set<std::string>{"page_token"});
}

TEST_CASE("a list is filtered by status, tag, project and text") {
  const Tenant tenant("filters");
  v1::Workflow asked;
  asked.set_name("100% Invoices");
  asked.add_tags("billing");
  const std::string invoices = tenant.Create(asked)->id();
  const std::string published = tenant.Published().id();
  const auto list = [&](const std::string& json) {
    std::vector<std::string> ids;
    const auto page = tenant.Call(&Stub::ListWorkflows, FromJson<v1::ListWorkflowsRequest>(json));
    REQUIRE(page.status() == absl::OkStatus());
    CHECK(page->total_size() == page->workflows_size());
    for (const v1::Workflow& workflow : page->workflows()) ids.push_back(workflow.id());
    return ids;
  };
  using Ids = std::vector<std::string>;
  CHECK(list("{}") == Ids{published, invoices});
  CHECK(list(R"({"status": "WORKFLOW_STATUS_ACTIVE"})") == Ids{published});
  CHECK(list(R"({"status": "WORKFLOW_STATUS_PAUSED"})").empty());
  CHECK(list(R"({"tag": "billing"})") == Ids{invoices});
  CHECK(list(R"({"tag": "bill"})").empty());
  CHECK(list(R"({"text": "INVOICE"})") == Ids{invoices});
  CHECK(list(R"({"text": "100%"})") == Ids{invoices});
  CHECK(list(R"({"text": "1%s"})").empty());  // no wildcards
  CHECK(list(R"({"projectId": ")" + tenant.ids().project.ToString() + "\"}").size() == 2);
  CHECK(list(R"({"projectId": ")" + WorkflowId::Make(absl::Now()).ToString() + "\"}").empty());
}

TEST_CASE("an update changes what its mask names and nothing else") {
  const Tenant tenant("mask");
  const v1::Workflow before = tenant.Created("before");
  v1::Workflow changes = before;
  changes.set_name("after");
  changes.set_description("not in the mask");
  const absl::StatusOr<v1::Workflow> after = tenant.Update(changes, {"name"});
  REQUIRE(after.status() == absl::OkStatus());
  CHECK(after->name() == "after");
  CHECK(after->description().empty());
  CHECK(after->service_display_name() == "before");
  CHECK(after->etag() != before.etag());
  CHECK(MessageDifferencer::Equals(after->definition(), before.definition()));
}

TEST_CASE("an update without a mask changes what is set; a mask can also empty a field") {
  const Tenant tenant("no-mask");
  v1::Workflow changes;
  changes.set_id(tenant.Created("name").id());
  changes.set_description("new");
  changes.add_tags("t");
  v1::Workflow after = *tenant.Update(changes, {});
  CHECK(after.name() == "name");
  CHECK(after.description() == "new");
  CHECK(after.tags_size() == 1);
  CHECK(after.definition().nodes_size() == 3);
  changes.clear_description();
  changes.clear_tags();
  after = *tenant.Update(changes, {"description", "tags", "definition", "service_display_name"});
  CHECK(after.description().empty());
  CHECK(after.tags_size() == 0);
  CHECK(after.definition().nodes_size() == 0);
  CHECK(after.service_display_name() == "name");
}

TEST_CASE("a mask with what can't be updated is refused") {
  const Tenant tenant("bad-mask");
  const v1::Workflow created = tenant.Created();
  for (const char* path : {"status", "id", "definition.nodes", "project_id", "nonsense", ""}) {
    const absl::Status status = tenant.Update(created, {path}).status();
    CHECK(absl::IsInvalidArgument(status));
    CHECK(Fields(status) == std::set<std::string>{"update_mask"});
  }
}

TEST_CASE("an etag guards against lost updates") {
  const Tenant tenant("etag");
  v1::Workflow mine = tenant.Created();
  v1::Workflow theirs = mine;
  theirs.set_description("theirs");
  REQUIRE(tenant.Update(theirs, {"description"}).ok());
  mine.set_description("mine");
  const absl::Status status = tenant.Update(mine, {"description"}).status();
  CHECK(absl::IsAborted(status));
  CHECK(ReasonOf(status) == kEtagMismatch);
  CHECK(tenant.Get(mine.id())->description() == "theirs");
  mine.clear_etag();
  CHECK(tenant.Update(mine, {"description"})->description() == "mine");
}

TEST_CASE("of updates at once with one etag exactly one is made") {
  const Tenant tenant("etag-race");
  const v1::Workflow seen = tenant.Created();
  std::atomic<int> made = 0, aborted = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      v1::Workflow changes = seen;
      changes.set_description(std::to_string(i));
      const absl::Status status = tenant.Update(changes, {"description"}).status();
      made += status.ok();
      aborted += absl::IsAborted(status);
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(made == 1);
  CHECK(aborted == 7);
}

TEST_CASE("publishing makes version 1, its routes, and an active workflow") {
  const Tenant tenant("publish");
  const v1::Workflow draft = tenant.Created();
  CHECK(Routes(draft.id()).empty());
  const absl::StatusOr<v1::Workflow> published = tenant.Act(&Stub::PublishWorkflow, draft.id());
  REQUIRE(published.status() == absl::OkStatus());
  CHECK(published->status() == v1::WORKFLOW_STATUS_ACTIVE);
  CHECK(published->version() == 1);
  CHECK(Routes(draft.id()) == "trigger-1@1 webhook/test");
}

TEST_CASE("publishing the same draft again makes no version and changes nothing") {
  const Tenant tenant("republish");
  const v1::Workflow first = tenant.Published();
  const absl::StatusOr<v1::Workflow> again = tenant.Act(&Stub::PublishWorkflow, first.id());
  REQUIRE(again.status() == absl::OkStatus());
  CHECK(MessageDifferencer::Equals(*again, first));
}

TEST_CASE("publishing a changed draft switches the routes to the next version") {
  const Tenant tenant("next-version");
  const v1::Workflow first = tenant.Published();
  REQUIRE(tenant.SetDefinition(first.id(), Sample("other")).ok());
  CHECK(Routes(first.id()) == "trigger-1@1 webhook/test");
  CHECK(tenant.Act(&Stub::PublishWorkflow, first.id())->version() == 2);
  CHECK(Routes(first.id()) == "trigger-1@2 webhook/other");
  v1::GetWorkflowVersionRequest request;
  request.set_workflow_id(first.id());
  request.set_version(1);
  CHECK(MessageDifferencer::Equals(tenant.Call(&Stub::GetWorkflowVersion, request)->definition(),
                                   Sample()));
}

TEST_CASE("publishing with the etag of an earlier draft is aborted") {
  const Tenant tenant("publish-etag");
  const v1::Workflow seen = tenant.Created();
  REQUIRE(tenant.SetDefinition(seen.id(), Sample("other")).ok());
  v1::PublishWorkflowRequest request;
  request.set_id(seen.id());
  request.set_etag(seen.etag());
  const absl::Status status = tenant.Call(&Stub::PublishWorkflow, request).status();
  CHECK(absl::IsAborted(status));
  CHECK(ReasonOf(status) == kEtagMismatch);
  CHECK(Routes(seen.id()).empty());
}

TEST_CASE("a publish that fails half-way leaves nothing behind") {
  const Tenant tenant("half-way");
  v1::Workflow workflow = tenant.Published();
  REQUIRE(tenant.SetDefinition(workflow.id(), Sample("other")).ok());
  workflow = *tenant.Get(workflow.id());
  // The last thing a publish writes.
  Server().Run(
      fmt::format("CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS "
                  "$$ BEGIN RAISE EXCEPTION 'broken'; END $$; "
                  "CREATE TRIGGER break BEFORE UPDATE ON workflow.workflows FOR EACH ROW "
                  "WHEN (NEW.workflow_id = '{}') EXECUTE FUNCTION break()",
                  workflow.id()));
  CHECK_FALSE(tenant.Act(&Stub::PublishWorkflow, workflow.id()).ok());
  Server().Run("DROP TRIGGER break ON workflow.workflows; DROP FUNCTION break()");
  CHECK(Routes(workflow.id()) == "trigger-1@1 webhook/test");
  CHECK(MessageDifferencer::Equals(*tenant.Get(workflow.id()), workflow));
  CHECK(tenant.Act(&Stub::PublishWorkflow, workflow.id())->version() == 2);
}

TEST_CASE("publishes and updates at once make consecutive versions, and routes of the last one") {
  const Tenant tenant("race");
  const std::string id = tenant.Created().id();
  std::vector<std::thread> writers;
  std::atomic<int> unexpected = 0;
  for (int i = 0; i < 6; ++i) {
    writers.emplace_back([&, i] {
      unexpected += !tenant.SetDefinition(id, Sample(fmt::format("action-{}", i))).ok();
      // Losing to others again and again is the one thing that may go wrong.
      const absl::Status published = tenant.Act(&Stub::PublishWorkflow, id).status();
      unexpected += !published.ok() && !absl::IsAborted(published);
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(unexpected == 0);
  const absl::StatusOr<v1::Workflow> last = tenant.Act(&Stub::PublishWorkflow, id);
  REQUIRE(last.status() == absl::OkStatus());
  CHECK(last->version() >= 1);
  CHECK(last->version() <= 7);
  v1::ListWorkflowVersionsRequest request;
  request.set_workflow_id(id);
  const auto versions = *tenant.Call(&Stub::ListWorkflowVersions, request);
  REQUIRE(versions.versions_size() == last->version());
  for (int i = 0; i < versions.versions_size(); ++i) {
    CHECK(versions.versions(i).version() == last->version() - i);
  }
  const std::string action =
      last->definition().nodes(0).config().fields().at("actionType").string_value();
  CHECK(Routes(id) == fmt::format("trigger-1@{} webhook/{}", last->version(), action));
}

TEST_CASE(
    "a draft with problems is not published, and every problem is told with its node and field") {
  const Tenant tenant("problems");
  v1::Workflow workflow;
  workflow.set_name("broken");
  *workflow.mutable_definition() = FromJson<v1::Definition>(R"json({
    "nodes": [
      {"id": "bad id!", "type": "function", "config": {"code": "return 1"}},
      {"id": "unknown", "type": "teleport"},
      {"id": "empty", "type": "function", "config": {}},
      {"id": "late", "type": "stop", "timeoutSeconds": -1}],
    "edges": [{"source": "unknown", "target": "nowhere"}]})json");
  const absl::StatusOr<v1::Workflow> created = tenant.Create(workflow);
  REQUIRE(created.status() == absl::OkStatus());

  v1::ValidateWorkflowRequest request;
  request.set_id(created->id());
  const absl::StatusOr<v1::ValidateWorkflowResponse> validated =
      tenant.Call(&Stub::ValidateWorkflow, request);
  REQUIRE(validated.status() == absl::OkStatus());
  CHECK_FALSE(validated->valid());
  std::set<std::string> places;
  for (const v1::Problem& problem : validated->problems()) {
    places.insert(problem.node_id() + ": " + problem.field());
    CHECK_FALSE(problem.description().empty());
  }
  INFO(validated->DebugString());
  CHECK(places.contains("bad id!: nodes[0].id"));
  CHECK(places.contains("unknown: nodes[1].type"));
  CHECK(places.contains("late: nodes[3].timeout_seconds"));
  CHECK(places.contains(": edges[0].target"));
  CHECK(places.contains(": nodes"));  // no trigger
  bool about_config = false;
  for (const std::string& place : places)
    about_config |= place.starts_with("empty: nodes[2].config");
  CHECK(about_config);

  const absl::Status refused = tenant.Act(&Stub::PublishWorkflow, created->id()).status();
  CHECK(absl::IsFailedPrecondition(refused));
  CHECK(ReasonOf(refused) == kDefinitionInvalid);
  CHECK(ViolationsOf(refused).size() == static_cast<size_t>(validated->problems_size()));
  CHECK(Fields(refused).contains("definition.nodes[1].type"));
  CHECK(tenant.Get(created->id())->status() == v1::WORKFLOW_STATUS_DRAFT);
  CHECK(Routes(created->id()).empty());
}

TEST_CASE("JavaScript that does not compile is a problem of its node or edge") {
  const Tenant tenant("javascript");
  v1::Definition definition = Sample();
  (*definition.mutable_nodes(1)->mutable_config()->mutable_fields())["code"].set_string_value(
      "syntax error");
  definition.mutable_edges(1)->set_condition("syntax error");
  v1::ValidateWorkflowRequest request;
  *request.mutable_definition() = definition;
  const auto validated = *tenant.Call(&Stub::ValidateWorkflow, request);
  REQUIRE(validated.problems_size() == 2);
  CHECK(validated.problems(0).node_id() == "process-1");
  CHECK(validated.problems(0).field() == "nodes[1].config.code");
  CHECK(validated.problems(0).description().find("SyntaxError") != std::string::npos);
  CHECK(validated.problems(1).field() == "edges[1].condition");
  const v1::Workflow created = tenant.Created();
  REQUIRE(tenant.SetDefinition(created.id(), definition).ok());
  CHECK(absl::IsFailedPrecondition(tenant.Act(&Stub::PublishWorkflow, created.id()).status()));
}

TEST_CASE("a definition need not be stored to be validated") {
  const Tenant tenant("validate");
  v1::ValidateWorkflowRequest request;
  *request.mutable_definition() = Sample();
  CHECK(tenant.Call(&Stub::ValidateWorkflow, request)->valid());
  CHECK(tenant.Call(&Stub::ListWorkflows, v1::ListWorkflowsRequest())->total_size() == 0);
  CHECK(absl::IsInvalidArgument(
      tenant.Call(&Stub::ValidateWorkflow, v1::ValidateWorkflowRequest()).status()));
}

TEST_CASE("only an active workflow has routes, through its whole life") {
  const Tenant tenant("life");
  const std::string id = tenant.Published().id();
  // A later draft must not leak into what resuming brings back.
  REQUIRE(tenant.SetDefinition(id, Sample("draft-only")).ok());
  CHECK(tenant.Act(&Stub::PauseWorkflow, id)->status() == v1::WORKFLOW_STATUS_PAUSED);
  CHECK(Routes(id).empty());
  CHECK(tenant.Act(&Stub::ResumeWorkflow, id)->status() == v1::WORKFLOW_STATUS_ACTIVE);
  CHECK(Routes(id) == "trigger-1@1 webhook/test");
  CHECK(tenant.Act(&Stub::ArchiveWorkflow, id)->status() == v1::WORKFLOW_STATUS_ARCHIVED);
  CHECK(Routes(id).empty());
  CHECK(tenant.Act(&Stub::UnarchiveWorkflow, id)->status() == v1::WORKFLOW_STATUS_PAUSED);
  CHECK(Routes(id).empty());
  CHECK(tenant.Act(&Stub::PublishWorkflow, id)->version() == 2);
  CHECK(Routes(id) == "trigger-1@2 webhook/draft-only");
}

TEST_CASE("a draft never published comes out of the archive as a draft") {
  const Tenant tenant("archive-draft");
  const std::string id = tenant.Created().id();
  CHECK(tenant.Act(&Stub::ArchiveWorkflow, id)->status() == v1::WORKFLOW_STATUS_ARCHIVED);
  CHECK(tenant.Act(&Stub::UnarchiveWorkflow, id)->status() == v1::WORKFLOW_STATUS_DRAFT);
}

TEST_CASE("what a status does not allow is a failed precondition that names the status") {
  const Tenant tenant("forbidden");
  const v1::Workflow draft = tenant.Created();
  const auto refused = [](const absl::StatusOr<v1::Workflow>& answer, const std::string& status) {
    CHECK(absl::IsFailedPrecondition(answer.status()));
    CHECK(ReasonOf(answer.status()) == kWorkflowStatus);
    CHECK(MetadataOf(answer.status(), "status") == status);
  };
  refused(tenant.Act(&Stub::PauseWorkflow, draft.id()), "draft");
  refused(tenant.Act(&Stub::ResumeWorkflow, draft.id()), "draft");
  REQUIRE(tenant.Act(&Stub::ArchiveWorkflow, draft.id()).ok());
  refused(tenant.Act(&Stub::PublishWorkflow, draft.id()), "archived");
  refused(tenant.Act(&Stub::PauseWorkflow, draft.id()), "archived");
  refused(tenant.Act(&Stub::ResumeWorkflow, draft.id()), "archived");
  refused(tenant.SetDefinition(draft.id(), Sample()), "archived");
  refused(tenant.Act(&Stub::UnarchiveWorkflow, tenant.Published().id()), "active");
}

TEST_CASE("routes are said to have changed after the commit and before the answer") {
  const Tenant tenant("hook");
  const std::string id = tenant.Created().id();
  std::vector<std::string> seen;  // what another connection reads at that moment
  Server().OnRoutesChanged([&](TenantId changed) {
    CHECK(changed == tenant.ids().tenant);
    seen.push_back(Routes(id));
  });
  const auto calls = [&](const absl::StatusOr<v1::Workflow>& answer) {
    CHECK(answer.ok());
    return seen.size();
  };
  CHECK(calls(tenant.Act(&Stub::PublishWorkflow, id)) == 1);
  CHECK(calls(tenant.Act(&Stub::PauseWorkflow, id)) == 2);
  CHECK(calls(tenant.Act(&Stub::ResumeWorkflow, id)) == 3);
  CHECK(calls(tenant.Act(&Stub::ArchiveWorkflow, id)) == 4);
  CHECK(calls(tenant.Act(&Stub::UnarchiveWorkflow, id)) == 5);
  Server().OnRoutesChanged(nullptr);
  const std::string active = "trigger-1@1 webhook/test";
  CHECK(seen == std::vector<std::string>{active, "", active, "", ""});
}

TEST_CASE("every change of routes raises the tenant's generation") {
  const Tenant tenant("generation");
  const auto generation = [&] {
    return Server().Ask(fmt::format(
        "SELECT generation::text FROM workflow.route_generations WHERE tenant_id = '{}'",
        tenant.ids().tenant.ToString()));
  };
  const std::string id = tenant.Published().id();
  std::set<std::string> seen = {"", generation()};
  REQUIRE(tenant.Act(&Stub::PauseWorkflow, id).ok());
  seen.insert(generation());
  REQUIRE(tenant.Act(&Stub::ResumeWorkflow, id).ok());
  seen.insert(generation());
  CHECK(seen.size() == 4);
}

TEST_CASE("versions are listed newest first and looked up one by one") {
  const Tenant tenant("versions");
  const std::string id = tenant.Published().id();
  for (int i = 2; i <= 3; ++i) {
    REQUIRE(tenant.SetDefinition(id, Sample(fmt::format("action-{}", i))).ok());
    REQUIRE(tenant.Act(&Stub::PublishWorkflow, id)->version() == i);
  }
  v1::ListWorkflowVersionsRequest request;
  request.set_workflow_id(id);
  request.set_page_size(2);
  const auto first = *tenant.Call(&Stub::ListWorkflowVersions, request);
  CHECK(first.total_size() == 3);
  REQUIRE(first.versions_size() == 2);
  CHECK(first.versions(0).version() == 3);
  CHECK(first.versions(0).publish_time().seconds() > 0);
  request.set_page_token(first.next_page_token());
  const auto second = *tenant.Call(&Stub::ListWorkflowVersions, request);
  REQUIRE(second.versions_size() == 1);
  CHECK(second.versions(0).version() == 1);
  CHECK(second.next_page_token().empty());
  v1::GetWorkflowVersionRequest missing;
  missing.set_workflow_id(id);
  for (const int version : {0, 4, -1}) {
    missing.set_version(version);
    CHECK(absl::IsNotFound(tenant.Call(&Stub::GetWorkflowVersion, missing).status()));
  }
}

TEST_CASE("an exported workflow imported elsewhere is the same workflow") {
  const Tenant tenant("export");
  v1::Workflow asked;
  asked.set_name("Carried");
  asked.set_description("from here");
  asked.set_service_display_name("Carried away");
  asked.add_tags("a");
  *asked.mutable_definition() = Sample();
  const std::string id = tenant.Create(asked)->id();
  v1::ExportWorkflowRequest request;
  request.set_id(id);
  const auto exported = *tenant.Call(&Stub::ExportWorkflow, request);

  const Tenant elsewhere("import");
  v1::ImportWorkflowRequest import;
  *import.mutable_document() = exported.document();
  const absl::StatusOr<v1::Workflow> imported = elsewhere.Call(&Stub::ImportWorkflow, import);
  REQUIRE(imported.status() == absl::OkStatus());
  CHECK(imported->id() != id);
  CHECK(imported->name() == "Carried");
  CHECK(imported->description() == "from here");
  CHECK(imported->service_display_name() == "Carried away");
  CHECK(imported->tags_size() == 1);
  CHECK(imported->status() == v1::WORKFLOW_STATUS_DRAFT);
  CHECK(MessageDifferencer::Equals(imported->definition(), Sample()));
  request.set_id(imported->id());
  CHECK(MessageDifferencer::Equals(elsewhere.Call(&Stub::ExportWorkflow, request)->document(),
                                   exported.document()));
}

TEST_CASE("members that the engine does not know survive import and export") {
  const Tenant tenant("unknown-members");
  v1::ImportWorkflowRequest import;
  *import.mutable_document() = FromJson<google::protobuf::Struct>(R"json({
    "format": "penstock.workflow/v1", "name": "n",
    "definition": {"nodes": [{"id": "a", "type": "stop", "colour": {"r": 1}}],
                   "edges": [], "variables": {}, "settings": {"theme": "dark"}}})json");
  const absl::StatusOr<v1::Workflow> imported = tenant.Call(&Stub::ImportWorkflow, import);
  REQUIRE(imported.status() == absl::OkStatus());
  CHECK(imported->definition().nodes(0).id() == "a");
  v1::ExportWorkflowRequest request;
  request.set_id(imported->id());
  const auto exported = *tenant.Call(&Stub::ExportWorkflow, request);
  const auto& definition = exported.document().fields().at("definition").struct_value();
  CHECK(MessageDifferencer::Equals(definition,
                                   import.document().fields().at("definition").struct_value()));
}

TEST_CASE("an export of a version has that version's definition") {
  const Tenant tenant("export-version");
  const std::string id = tenant.Published().id();
  REQUIRE(tenant.SetDefinition(id, v1::Definition()).ok());
  v1::ExportWorkflowRequest request;
  request.set_id(id);
  const auto nodes = [&] {
    return tenant.Call(&Stub::ExportWorkflow, request)
        ->document()
        .fields()
        .at("definition")
        .struct_value()
        .fields()
        .at("nodes")
        .list_value()
        .values_size();
  };
  CHECK(nodes() == 0);
  request.set_version(1);
  CHECK(nodes() == 3);
  request.set_version(2);
  CHECK(absl::IsNotFound(tenant.Call(&Stub::ExportWorkflow, request).status()));
}

TEST_CASE("another tenant's workflow is not found, whatever is asked of it") {
  const Tenant owner("owner");
  const Tenant stranger("stranger");
  const std::string id = owner.Published().id();
  std::map<std::string, absl::Status> answers;
  answers["get"] = stranger.Get(id).status();
  answers["update"] = stranger.SetDefinition(id, Sample("stolen")).status();
  answers["publish"] = stranger.Act(&Stub::PublishWorkflow, id).status();
  answers["pause"] = stranger.Act(&Stub::PauseWorkflow, id).status();
  answers["resume"] = stranger.Act(&Stub::ResumeWorkflow, id).status();
  answers["archive"] = stranger.Act(&Stub::ArchiveWorkflow, id).status();
  answers["unarchive"] = stranger.Act(&Stub::UnarchiveWorkflow, id).status();
  v1::ValidateWorkflowRequest validate;
  validate.set_id(id);
  answers["validate"] = stranger.Call(&Stub::ValidateWorkflow, validate).status();
  v1::ExportWorkflowRequest exported;
  exported.set_id(id);
  answers["export"] = stranger.Call(&Stub::ExportWorkflow, exported).status();
  v1::ListWorkflowVersionsRequest versions;
  versions.set_workflow_id(id);
  answers["versions"] = stranger.Call(&Stub::ListWorkflowVersions, versions).status();
  v1::GetWorkflowVersionRequest version;
  version.set_workflow_id(id);
  version.set_version(1);
  answers["version"] = stranger.Call(&Stub::GetWorkflowVersion, version).status();
  v1::Workflow foreign;
  foreign.set_name("w");
  foreign.set_project_id(owner.ids().project.ToString());
  answers["create in its project"] = stranger.Create(foreign).status();
  for (const auto& [call, status] : answers) {
    INFO(call << ": " << status.ToString());
    CHECK(absl::IsNotFound(status));
  }
  CHECK(stranger.Call(&Stub::ListWorkflows, v1::ListWorkflowsRequest())->total_size() == 0);
  CHECK(owner.Get(id)->status() == v1::WORKFLOW_STATUS_ACTIVE);
}

TEST_CASE("a key limited to a project sees and makes workflows of that project only") {
  Tenant tenant("limited");
  const std::string outside = tenant.Published().id();
  const std::string project = WorkflowId::Make(absl::Now()).ToString();
  const std::string limited = testing::CreateApiKey(Server().database(), "limited", "developer");
  Server().Run(fmt::format(
      "INSERT INTO tenancy.projects (tenant_id, project_id, name) VALUES ('{0}', '{1}', 'other'); "
      "UPDATE tenancy.api_keys SET project_id = '{1}' WHERE tenant_id = '{0}' AND role = "
      "'developer'",
      tenant.ids().tenant.ToString(), project));
  tenant.Use(limited);
  CHECK(absl::IsNotFound(tenant.Get(outside).status()));
  CHECK(absl::IsNotFound(tenant.Act(&Stub::PauseWorkflow, outside).status()));
  CHECK(tenant.Created().project_id() == project);
  CHECK(tenant.Call(&Stub::ListWorkflows, v1::ListWorkflowsRequest())->total_size() == 1);
  v1::ListWorkflowsRequest elsewhere;
  elsewhere.set_project_id(tenant.ids().project.ToString());
  CHECK(tenant.Call(&Stub::ListWorkflows, elsewhere)->total_size() == 0);
  v1::Workflow asked;
  asked.set_name("w");
  asked.set_project_id(tenant.ids().project.ToString());
  CHECK(absl::IsNotFound(tenant.Create(asked).status()));
}

TEST_CASE("a viewer may read and not write") {
  Tenant tenant("viewer");
  const std::string id = tenant.Created().id();
  tenant.Use(testing::CreateApiKey(Server().database(), "viewer", "viewer"));
  CHECK(tenant.Get(id).ok());
  CHECK(absl::IsPermissionDenied(tenant.Act(&Stub::PublishWorkflow, id).status()));
  CHECK(absl::IsPermissionDenied(tenant.Create(v1::Workflow()).status()));
}

TEST_CASE("ids that are none are invalid arguments, and unknown ones are not found") {
  const Tenant tenant("ids");
  for (const std::string& id :
       {std::string(), std::string("7"), std::string("'; DROP TABLE"), std::string(10'000, 'a'),
        std::string("0190a000-0000-7000-8000-00000000000g")}) {
    CHECK(Fields(tenant.Get(id).status()) == std::set<std::string>{"id"});
    CHECK(Fields(tenant.Act(&Stub::PublishWorkflow, id).status()) == std::set<std::string>{"id"});
    CHECK(Fields(tenant.Act(&Stub::PauseWorkflow, id).status()) == std::set<std::string>{"id"});
    CHECK(Fields(tenant.SetDefinition(id, Sample()).status()) ==
          std::set<std::string>{"workflow.id"});
  }
  CHECK(absl::IsNotFound(tenant.Get(WorkflowId::Make(absl::Now()).ToString()).status()));
  v1::Workflow asked;
  asked.set_name("w");
  asked.set_project_id("default");
  CHECK(Fields(tenant.Create(asked).status()) == std::set<std::string>{"workflow.project_id"});
  asked.set_project_id(WorkflowId::Make(absl::Now()).ToString());
  CHECK(absl::IsNotFound(tenant.Create(asked).status()));
}

TEST_CASE("texts out of bounds are all named at once") {
  const Tenant tenant("texts");
  v1::Workflow asked;
  asked.set_description(std::string(501, 'd'));
  asked.set_service_display_name(std::string(101, 's'));
  asked.add_tags("");
  asked.add_tags("same");
  asked.add_tags("same");
  CHECK(Fields(tenant.Create(asked).status()) ==
        std::set<std::string>{"workflow.name", "workflow.description",
                              "workflow.service_display_name", "workflow.tags[0]",
                              "workflow.tags[2]"});
  v1::Workflow nul;
  nul.set_name(std::string("a\0b", 3));
  CHECK(Fields(tenant.Create(nul).status()).contains("workflow.name"));
  v1::Workflow longest;
  for (int i = 0; i < 100; ++i) longest.mutable_name()->append("é");
  CHECK(tenant.Create(longest).ok());
  longest.mutable_name()->append("é");
  CHECK(Fields(tenant.Create(longest).status()).contains("workflow.name"));
  CHECK(Fields(tenant.Create(asked, std::string(256, 'r')).status()) ==
        std::set<std::string>{"request_id"});
  CHECK(Fields(tenant.Call(&Stub::CreateWorkflow, v1::CreateWorkflowRequest()).status()) ==
        std::set<std::string>{"workflow"});
}

TEST_CASE("a tenant in the request must be the caller's own") {
  const Tenant tenant("own-tenant");
  v1::Workflow asked;
  asked.set_name("w");
  asked.set_tenant_id(tenant.ids().tenant.ToString());
  CHECK(tenant.Create(asked).ok());
  asked.set_tenant_id(WorkflowId::Make(absl::Now()).ToString());
  CHECK(Fields(tenant.Create(asked).status()) == std::set<std::string>{"workflow.tenant_id"});
}

TEST_CASE("definitions that can't be kept are refused: too large, not finite, with U+0000") {
  const Tenant tenant("unfit");
  v1::Workflow asked;
  asked.set_name("w");
  asked.mutable_definition()->add_nodes()->set_name(std::string(5 << 20, 'x'));
  CHECK(Fields(tenant.Create(asked).status()) == std::set<std::string>{"workflow.definition"});
  asked.mutable_definition()->mutable_nodes(0)->set_name(std::string("\0", 1));
  CHECK(Fields(tenant.Create(asked).status()) ==
        std::set<std::string>{"workflow.definition.nodes"});
  asked.mutable_definition()->mutable_nodes(0)->clear_name();
  asked.mutable_definition()->mutable_nodes(0)->set_timeout_seconds(
      std::numeric_limits<double>::infinity());
  asked.mutable_definition()->mutable_nodes(0)->set_on_error("explode");
  CHECK(Fields(tenant.Create(asked).status()) ==
        std::set<std::string>{"workflow.definition.nodes[0].timeout_seconds"});
  asked.mutable_definition()->mutable_nodes(0)->clear_timeout_seconds();
  CHECK(Fields(tenant.Create(asked).status()) ==
        std::set<std::string>{"workflow.definition.nodes[0].on_error"});
}

TEST_CASE("documents of another format or shape are refused with what is wrong") {
  const Tenant tenant("documents");
  const auto fields = [&](const std::string& json) {
    v1::ImportWorkflowRequest request;
    *request.mutable_document() = FromJson<google::protobuf::Struct>(json);
    return Fields(tenant.Call(&Stub::ImportWorkflow, request).status());
  };
  using Names = std::set<std::string>;
  CHECK(fields("{}") == Names{"document.format"});
  CHECK(fields(R"({"format": "n8n", "name": 7, "tags": "x", "definition": []})") ==
        Names{"document.format", "document.name", "document.tags", "document.definition"});
  CHECK(fields(R"({"format": "penstock.workflow/v1", "name": "n",
                   "definition": {"nodes": [{"id": 7}], "edges": {}}})") ==
        Names{"document.definition.nodes[0].id", "document.definition.edges"});
  CHECK(fields(R"({"format": "penstock.workflow/v1"})") ==
        Names{"document.name", "document.service_display_name"});
}

TEST_CASE("node types are listed with the schema of their config") {
  const Tenant tenant("types");
  const auto types = *tenant.Call(&Stub::ListNodeTypes, v1::ListNodeTypesRequest());
  CHECK(types.node_types_size() == static_cast<int>(Server().node_types().all().size()));
  for (const v1::NodeType& type : types.node_types()) {
    CHECK_FALSE(type.name().empty());
    CHECK_FALSE(type.description().empty());
    CHECK(type.config_schema().fields().contains("type"));
  }
}

TEST_CASE("a call without credentials is refused") {
  const absl::Status status =
      Server().Call("pk_live_nonsense", &Stub::ListWorkflows, v1::ListWorkflowsRequest()).status();
  CHECK(absl::IsUnauthenticated(status));
}

}  // namespace
}  // namespace penstock::workflow_engine
