// Who may call what, tried on the real services and a real database: every RPC, with every role by
// key and by access token, from its own tenant and from another, and with no credential at all. The
// table in libs/auth/penstock_roles.cc says what must come out.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "absl/strings/str_replace.h"
#include "fmt/format.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/generic/generic_stub.h"
#include "libs/auth/role_table.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "libs/grpc/status_conversion.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "penstock/scheduler/v1/schedule.grpc.pb.h"
#include "tests/e2e/people.h"
#include "tests/e2e/reflection.grpc.pb.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

namespace tenancy = penstock::tenancy::v1;
using auth::Role;
using testing::Check;

// What to ask with. $workflow and the like stand for things of the own tenant.
struct Question {
  const char* json;
  // Whether it names something: then from another tenant it is not there.
  bool names_a_thing;
};

const std::map<std::string, Question>& Questions() {
  static const std::map<std::string, Question> questions = {
      {"/penstock.workflow.v1.WorkflowService/CreateWorkflow",
       {R"({"workflow":{"name":"new"}})", false}},
      {"/penstock.workflow.v1.WorkflowService/GetWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/ListWorkflows", {"{}", false}},
      {"/penstock.workflow.v1.WorkflowService/UpdateWorkflow",
       {R"({"workflow":{"id":"$workflow","name":"x"}})", true}},
      {"/penstock.workflow.v1.WorkflowService/ValidateWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/PublishWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/PauseWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/ResumeWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/ArchiveWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/UnarchiveWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/ListWorkflowVersions",
       {R"({"workflowId":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/GetWorkflowVersion",
       {R"({"workflowId":"$workflow","version":1})", true}},
      {"/penstock.workflow.v1.WorkflowService/ExportWorkflow", {R"({"id":"$workflow"})", true}},
      {"/penstock.workflow.v1.WorkflowService/ImportWorkflow", {"{}", false}},
      {"/penstock.workflow.v1.WorkflowService/ListNodeTypes", {"{}", false}},
      {"/penstock.workflow.v1.ExecutionService/StartExecution",
       {R"({"workflowId":"$workflow"})", true}},
      {"/penstock.workflow.v1.ExecutionService/GetExecution", {R"({"id":"$execution"})", true}},
      {"/penstock.workflow.v1.ExecutionService/ListExecutions", {"{}", false}},
      {"/penstock.workflow.v1.ExecutionService/WatchExecution", {R"({"id":"$execution"})", true}},
      {"/penstock.workflow.v1.ExecutionService/CancelExecution", {R"({"id":"$execution"})", true}},
      {"/penstock.workflow.v1.ExecutionService/PauseExecution", {R"({"id":"$execution"})", true}},
      {"/penstock.workflow.v1.ExecutionService/ResumeExecution", {R"({"id":"$execution"})", true}},
      {"/penstock.workflow.v1.ExecutionService/SignalExecution",
       {R"({"id":"$execution","name":"cancel"})", true}},
      {"/penstock.workflow.v1.ExecutionService/QueryExecution", {R"({"id":"$execution"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/CreateSchedule",
       {R"({"schedule":{"workflowId":"$workflow","spec":{"crons":[{"expression":"0 0 1 1 *"}]}}})", true}},
      {"/penstock.scheduler.v1.ScheduleService/GetSchedule", {R"({"id":"$schedule"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/ListSchedules", {"{}", false}},
      {"/penstock.scheduler.v1.ScheduleService/UpdateSchedule",
       {R"({"schedule":{"id":"$schedule","name":"x"}})", true}},
      {"/penstock.scheduler.v1.ScheduleService/DeleteSchedule", {R"({"id":"$schedule"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/PauseSchedule", {R"({"id":"$schedule"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/ResumeSchedule", {R"({"id":"$schedule"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/RunSchedule", {R"({"id":"$schedule"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/BackfillSchedule",
       {R"({"id":"$schedule","startTime":"2020-01-01T00:00:00Z","endTime":"2021-01-01T00:00:00Z"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/GetBackfill", {R"({"id":"$schedule"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/PreviewSchedule", {R"({"id":"$schedule"})", true}},
      {"/penstock.scheduler.v1.ScheduleService/ListScheduleRuns",
       {R"({"scheduleId":"$schedule"})", true}},
      {"/penstock.workflow.v1.EventService/ListEvents", {"{}", false}},
      {"/penstock.workflow.v1.EventService/ReplayEvents", {"{}", false}},
      {"/penstock.workflow.v1.EventService/SubscribeEvents", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/Deliver", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/ListDeliveries", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/Redeliver", {R"({"id":"$delivery"})", true}},
      {"/penstock.workflow.v1.IngressService/PutSigningSecret", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/ListSigningSecrets", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/DeleteSigningSecret", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/InvalidateRoutes", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/ForwardStart", {"{}", false}},
      {"/penstock.workflow.v1.IngressService/ForwardControl", {"{}", false}},
      {"/penstock.interfaces.v1.WebhookService/ListDeliveries", {"{}", false}},
      {"/penstock.interfaces.v1.WebhookService/GetDelivery", {R"({"id":"$delivery"})", true}},
      {"/penstock.interfaces.v1.WebhookService/Redeliver", {R"({"id":"$delivery"})", true}},
      {"/penstock.interfaces.v1.WebhookService/CreateSigningSecret", {R"({"name":"new"})", false}},
      {"/penstock.interfaces.v1.WebhookService/ListSigningSecrets", {"{}", false}},
      {"/penstock.interfaces.v1.WebhookService/DeleteSigningSecret",
       {R"({"name":"$secret"})", true}},
      {"/penstock.tenancy.v1.AuthService/Login", {"{}", false}},
      {"/penstock.tenancy.v1.AuthService/Refresh", {"{}", false}},
      {"/penstock.tenancy.v1.AuthService/Logout", {"{}", false}},
      {"/penstock.tenancy.v1.AuthService/ChangePassword", {"{}", false}},
      {"/penstock.tenancy.v1.AuthService/GetJwks", {"{}", false}},
      {"/penstock.tenancy.v1.UserService/CreateUser",
       {R"({"user":{"email":"no address"}})", false}},
      {"/penstock.tenancy.v1.UserService/GetUser", {R"({"id":"$user"})", true}},
      {"/penstock.tenancy.v1.UserService/ListUsers", {"{}", false}},
      {"/penstock.tenancy.v1.UserService/UpdateUser",
       {R"({"user":{"id":"$user","firstName":"x"}})", true}},
      {"/penstock.tenancy.v1.UserService/DisableUser", {R"({"id":"$user"})", true}},
      {"/penstock.tenancy.v1.UserService/EnableUser", {R"({"id":"$user"})", true}},
      {"/penstock.tenancy.v1.UserService/SetUserRoles",
       {R"({"id":"$user","roles":["ROLE_VIEWER"]})", true}},
      {"/penstock.tenancy.v1.UserService/ResetUserPassword", {R"({"id":"$user"})", true}},
      {"/penstock.tenancy.v1.UserService/DeleteUser", {R"({"id":"$user"})", true}},
      {"/penstock.tenancy.v1.ProjectService/CreateProject", {R"({"project":{}})", false}},
      {"/penstock.tenancy.v1.ProjectService/GetProject", {R"({"id":"$project"})", true}},
      {"/penstock.tenancy.v1.ProjectService/ListProjects", {"{}", false}},
      {"/penstock.tenancy.v1.ProjectService/UpdateProject",
       {R"({"project":{"id":"$project","name":"x"}})", true}},
      {"/penstock.tenancy.v1.ProjectService/DeleteProject", {R"({"id":"$project"})", true}},
      {"/penstock.tenancy.v1.CompanyService/CreateCompany", {R"({"company":{}})", false}},
      {"/penstock.tenancy.v1.CompanyService/GetCompany", {R"({"id":"$company"})", true}},
      {"/penstock.tenancy.v1.CompanyService/ListCompanies", {"{}", false}},
      {"/penstock.tenancy.v1.CompanyService/UpdateCompany",
       {R"({"company":{"id":"$company","name":"x"}})", true}},
      {"/penstock.tenancy.v1.CompanyService/SetDefaultCompany", {R"({"id":"$company"})", true}},
      {"/penstock.tenancy.v1.CompanyService/DeleteCompany", {R"({"id":"$company"})", true}},
      {"/penstock.tenancy.v1.OverviewService/GetOverview", {"{}", false}},
      {"/penstock.tenancy.v1.ApiKeyService/CreateApiKey", {R"({"apiKey":{}})", false}},
      {"/penstock.tenancy.v1.ApiKeyService/GetApiKey", {R"({"id":"$key"})", true}},
      {"/penstock.tenancy.v1.ApiKeyService/ListApiKeys", {"{}", false}},
      {"/penstock.tenancy.v1.ApiKeyService/RotateApiKey",
       {R"({"id":"$key","overlap":"60s"})", true}},
      {"/penstock.tenancy.v1.ApiKeyService/RevokeApiKey", {R"({"id":"$key"})", true}},
      {"/penstock.tenancy.v1.TenantService/GetTenant", {R"({"id":"$tenant"})", true}},
      {"/penstock.tenancy.v1.TenantService/UpdateTenant",
       {R"({"tenant":{"id":"$tenant","name":"x"}})", true}},
      {"/penstock.tenancy.v1.TenantAdminService/CreateTenant", {"{}", false}},
      // The platform's admins see every tenant.
      {"/penstock.tenancy.v1.TenantAdminService/DeleteTenant",
       {R"({"tenantId":"$tenant","confirmation":"no","delay":"DELETION_DELAY_IMMEDIATE"})", false}},
      {"/penstock.tenancy.v1.TenantAdminService/GetTenantOperation",
       {R"({"id":"$execution"})", true}},
      {"/penstock.tenancy.v1.TenantAdminService/CancelTenantOperation",
       {R"({"id":"$execution"})", true}},
      {"/penstock.tenancy.v1.TenantAdminService/ListTenants", {"{}", false}},
      {"/penstock.platform.v1.StepService/RunStep", {"{}", false}},
      {"/penstock.tenancy.v1.AuditService/ListAuditEvents", {"{}", false}},
      {"/penstock.tenancy.v1.AuditService/VerifyAuditLog", {"{}", false}},
  };
  return questions;
}

constexpr Role kRoles[] = {Role::kViewer, Role::kOperator, Role::kDeveloper, Role::kAdmin,
                           Role::kOwner};

struct Caller {
  std::string who;
  std::string credential;
  bool own_tenant = true;
  bool of_platform = false;
  std::optional<Role> role;  // none: not a caller that any service knows
};

const google::protobuf::MethodDescriptor* Descriptor(const std::string& method) {
  std::string name = method.substr(1);
  name[name.find('/')] = '.';
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
}

std::shared_ptr<grpc::Channel> SchedulerChannel() {
  static const std::shared_ptr<grpc::Channel> channel = grpc::CreateChannel(
      SharedDeployment().SchedulerAddress(), grpc::InsecureChannelCredentials());
  return channel;
}

// Two tenants with everything a question may name, and callers of every kind.
class World {
 public:
  World() {
    Deployment& deployment = SharedDeployment();
    Check(deployment.CreateTenant("other"), "another tenant");
    Clients& owner = deployment.clients();
    names_["$workflow"] = Publish(owner, Chain({WebhookTrigger("authorization")}));
    Check(harness::PostJson(deployment.WebhookUrl("authorization"), R"({"a":1})").status(),
          "deliver");
    names_["$delivery"] =
        Check(Deliveries(owner, "authorization"), "deliveries").deliveries(0).id();
    names_["$execution"] =
        Check(Start(owner, names_["$workflow"], {{"a", 1}}, workflow::v1::WAIT_MODE_COMPLETED),
              "start")
            .id();
    interfaces::v1::CreateSigningSecretRequest secret;
    secret.set_name("authorization");
    Check(owner.Call(&WebhookService::Stub::CreateSigningSecret, owner.webhooks(), secret).status(),
          "secret");
    names_["$secret"] = "authorization";
    scheduler::v1::CreateScheduleRequest schedule;
    schedule.mutable_schedule()->set_workflow_id(names_["$workflow"]);
    schedule.mutable_schedule()->mutable_spec()->add_crons()->set_expression("0 0 1 1 *");
    const auto schedules = scheduler::v1::ScheduleService::NewStub(SchedulerChannel());
    names_["$schedule"] =
        Check(owner.Call(&scheduler::v1::ScheduleService::Stub::CreateSchedule, *schedules, schedule),
              "schedule")
            .id();
    People people(owner);
    names_["$tenant"] = Check(people.GetTenant(), "tenant").id();
    names_["$user"] =
        Check(people.Create("victim@example.com", tenancy::ROLE_VIEWER), "user").user().id();
    names_["$project"] = Check(people.CreateProject("authorization"), "project").id();
    names_["$company"] = Check(people.CreateCompany("authorization"), "company").id();
    names_["$key"] =
        Check(people.CreateKey("authorization", tenancy::ROLE_VIEWER), "key").api_key().id();
    AddCallers(owner, deployment.tenant_slug(), /*own=*/true);
    AddCallers(*Check(deployment.NewCaller("other", "owner"), "owner of the other"), "other",
               /*own=*/false);
    AddCallers(*Check(deployment.NewCaller("platform", "owner"), "owner of the platform"),
               "platform", /*own=*/false);
  }

  // Others first: what an own call deletes must still be there when another's asks for it.
  const std::vector<Caller>& callers() const { return callers_; }

  absl::Status Ask(const std::string& method, const std::string& credential) const {
    Clients& clients = SharedDeployment().clients();
    grpc::GenericStub stub(method.starts_with("/penstock.workflow.")    ? clients.engine_channel()
                           : method.starts_with("/penstock.scheduler.") ? SchedulerChannel()
                                                                        : clients.interfaces_channel());
    grpc::ClientContext context;
    if (!credential.empty()) context.AddMetadata("authorization", "Bearer " + credential);
    // Long enough for an answer, short enough for streams that are open until somebody ends them.
    const bool is_stream = Descriptor(method)->server_streaming();
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::milliseconds(is_stream ? 500 : 20'000));
    const std::string bytes = RequestBytes(method);
    grpc::Slice slice(bytes);
    grpc::ByteBuffer request(&slice, 1), response;
    grpc::CompletionQueue queue;
    grpc::Status status;
    auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag;
    bool ok;
    queue.Next(&tag, &ok);
    return rpc::FromGrpcStatus(status);
  }

 private:
  void AddCallers(Clients& owner, const std::string& slug, bool own) {
    People people(owner);
    const bool of_platform = slug == "platform";
    std::vector<Caller> added;
    for (Role role : kRoles) {
      const std::string name(auth::RoleName(role));
      const auto proto = static_cast<tenancy::Role>(static_cast<int>(role) + 1);
      added.push_back({fmt::format("{} of {} with a key", name, slug),
                       Check(people.CreateKey(name, proto), "key").key(), own, of_platform, role});
      const auto tokens = Check(people.SignUp(slug, name + "@example.com", proto), "sign up");
      added.push_back(
          {fmt::format("{} of {} with a token", name, slug), tokens.access_token(), own, of_platform, role});
      // Any token with another signature is as good as none.
      std::string forged = tokens.access_token();
      forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
      added.push_back(
          {fmt::format("{} of {} with a forged token", name, slug), forged, own, of_platform, std::nullopt});
    }
    callers_.insert(own ? callers_.end() : callers_.begin(), added.begin(), added.end());
    if (!own) return;
    callers_.insert(callers_.begin(), {"nobody", "", true, false, std::nullopt});
    callers_.insert(callers_.begin(),
                    {"an unknown key", "pk_live_" + std::string(43, 'A'), true, false, std::nullopt});
  }

  std::string RequestBytes(const std::string& method) const {
    std::string json = Questions().at(method).json;
    for (const auto& [name, value] : names_) json = absl::StrReplaceAll(json, {{name, value}});
    google::protobuf::DynamicMessageFactory factory;
    std::unique_ptr<google::protobuf::Message> message(
        factory.GetPrototype(Descriptor(method)->input_type())->New());
    auto parsed = google::protobuf::util::JsonStringToMessage(json, message.get());
    if (!parsed.ok()) testing::Fail(method, std::string(parsed.message()));
    return message->SerializeAsString();
  }

  std::map<std::string, std::string> names_;
  std::vector<Caller> callers_;
};

const World& SharedWorld() {
  static const World& world = *new World;
  return world;
}

enum class Decision { kAdmitted, kUnauthenticated, kRoleRefused, kServiceOnly, kPlatformOnly };

Decision DecisionOf(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  if (reason == "MISSING_CREDENTIALS" || reason == "UNKNOWN_KEY" || reason == "INVALID_TOKEN" ||
      reason == "MALFORMED_CREDENTIALS") {
    return Decision::kUnauthenticated;
  }
  if (reason == "ROLE_NOT_ALLOWED") return Decision::kRoleRefused;
  if (reason == "SERVICE_ONLY") return Decision::kServiceOnly;
  if (reason == "PLATFORM_ONLY") return Decision::kPlatformOnly;
  return Decision::kAdmitted;
}

// Said again and not asked of the table's own code, which is what is being tested.
Decision Expected(auth::Access access, const Caller& caller) {
  using enum auth::Access;
  if (access == kPublic) return Decision::kAdmitted;
  if (!caller.role) return Decision::kUnauthenticated;
  if (access == kServiceOnly) return Decision::kServiceOnly;
  if (access == kPlatformAdmin && !caller.of_platform) return Decision::kPlatformOnly;
  const std::map<auth::Access, Role> least = {{kViewer, Role::kViewer},
                                              {kOperator, Role::kOperator},
                                              {kDeveloper, Role::kDeveloper},
                                              {kAdmin, Role::kAdmin},
                                              {kPlatformAdmin, Role::kAdmin}};
  return *caller.role >= least.at(access) ? Decision::kAdmitted : Decision::kRoleRefused;
}

std::set<std::string> ServicesOf(const std::shared_ptr<grpc::Channel>& channel) {
  namespace reflection = grpc::reflection::v1alpha;
  auto stub = reflection::ServerReflection::NewStub(channel);
  grpc::ClientContext context;
  auto stream = stub->ServerReflectionInfo(&context);
  reflection::ServerReflectionRequest request;
  request.set_list_services("*");
  stream->Write(request);
  stream->WritesDone();
  reflection::ServerReflectionResponse response;
  REQUIRE(stream->Read(&response));
  REQUIRE(stream->Finish().ok());
  std::set<std::string> names;
  for (const auto& service : response.list_services_response().service())
    names.insert(service.name());
  return names;
}

TEST_CASE(
    "every RPC that a service offers is in the table, and every RPC of the table has a question "
    "here") {
  std::set<std::string> listed, asked, offered;
  for (const auto& [method, access] : auth::PenstockRoles().entries()) {
    if (method.starts_with("/penstock.")) listed.emplace(method);
  }
  for (const auto& [method, question] : Questions()) asked.insert(method);
  CHECK(asked == listed);
  Clients& clients = SharedDeployment().clients();
  for (const auto& channel :
       {clients.engine_channel(), clients.interfaces_channel(), SchedulerChannel()}) {
    for (const std::string& name : ServicesOf(channel)) {
      if (!name.starts_with("penstock.")) continue;
      const auto* service =
          google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
      INFO(name);
      REQUIRE(service != nullptr);
      for (int m = 0; m < service->method_count(); ++m)
        offered.insert(fmt::format("/{}/{}", name, service->method(m)->name()));
    }
  }
  CHECK(offered == listed);
}

TEST_CASE(
    "every RPC admits exactly whom the table says, and shows nobody another tenant's things") {
  const World& world = SharedWorld();
  int decisions = 0;
  for (const auto& [method, access] : auth::PenstockRoles().entries()) {
    if (!method.starts_with("/penstock.")) continue;
    const std::string name(method);
    for (const Caller& caller : world.callers()) {
      const absl::Status status = world.Ask(name, caller.credential);
      INFO(name << " by " << caller.who << ": " << status.ToString());
      const Decision expected = Expected(access, caller);
      CHECK(DecisionOf(status) == expected);
      if (expected == Decision::kAdmitted && caller.role && !caller.own_tenant &&
          Questions().at(name).names_a_thing) {
        CHECK(status.code() == absl::StatusCode::kNotFound);
      }
      ++decisions;
    }
  }
  CHECK(decisions == static_cast<int>(Questions().size() * (2 + 3 * 3 * 5)));
}

TEST_CASE("a service without a tenant may call what is for services and nothing of a tenant") {
  const RealClock clock;
  auto tokens = Check(
      auth::ServiceTokens::FromFile(SharedDeployment().directory() + "/service-key", "test", clock),
      "service key");
  const World& world = SharedWorld();
  for (const auto& [method, access] : auth::PenstockRoles().entries()) {
    // Deliver is a stream that waits for more.
    if (!method.starts_with("/penstock.") || method.ends_with("/Deliver")) continue;
    const absl::Status status = world.Ask(std::string(method), tokens->Make(TenantId()));
    INFO(method << ": " << status.ToString());
    const bool open = access == auth::Access::kPublic || access == auth::Access::kServiceOnly;
    const Decision refusal = access == auth::Access::kPlatformAdmin ? Decision::kPlatformOnly
                                                                    : Decision::kRoleRefused;
    CHECK(DecisionOf(status) == (open ? Decision::kAdmitted : refusal));
  }
}

}  // namespace
}  // namespace penstock::e2e
