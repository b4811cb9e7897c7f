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
#include "penstock/connector/v1/grant.grpc.pb.h"
#include "penstock/connector/v1/project_connector.grpc.pb.h"
#include "penstock/connector/v1/provider.grpc.pb.h"
#include "penstock/interfaces/v1/service_interface.grpc.pb.h"
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
      {"/penstock.workflow.v1.ExecutionService/TerminateExecution",
       {R"({"id":"$execution"})", true}},
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
      {"/penstock.connector.v1.ConnectorService/CreateConnector", {"{}", false}},
      {"/penstock.connector.v1.ConnectorService/GetConnector", {R"({"id":"$connector"})", true}},
      {"/penstock.connector.v1.ConnectorService/ListConnectors", {"{}", false}},
      {"/penstock.connector.v1.ConnectorService/GetConnectorsByType",
       {R"({"type":"CONNECTOR_TYPE_API"})", false}},
      {"/penstock.connector.v1.ConnectorService/UpdateConnector",
       {R"({"connector":{"id":"$connector","description":"x"}})", true}},
      {"/penstock.connector.v1.ConnectorService/SetConnectorSecrets",
       {R"({"id":"$connector","clear":["token"]})", true}},
      {"/penstock.connector.v1.ConnectorService/DeleteConnector", {R"({"id":"$connector"})", true}},
      {"/penstock.connector.v1.ConnectorService/TestConnector", {R"({"id":"$connector"})", true}},
      {"/penstock.connector.v1.ConnectorService/FetchData",
       {R"({"id":"$connector","resourcePath":"/x"})", true}},
      {"/penstock.connector.v1.ConnectorService/PerformAction",
       {R"({"id":"$connector","actionName":"x"})", true}},
      {"/penstock.connector.v1.ConnectorService/ListActions", {R"({"id":"$connector"})", true}},
      {"/penstock.connector.v1.ConnectorService/ListAuthTypes", {"{}", false}},
      {"/penstock.connector.v1.CredentialAuditService/ListCredentialUses", {"{}", false}},
      {"/penstock.connector.v1.CredentialAuditService/VerifyCredentialAudit", {"{}", false}},
      {"/penstock.connector.v1.GrantService/CreateGrant",
       {R"({"connectorId":"$connector"})", true}},
      {"/penstock.connector.v1.GrantService/GetGrant", {R"({"id":"$grant"})", true}},
      {"/penstock.connector.v1.GrantService/ListGrants", {"{}", false}},
      {"/penstock.connector.v1.GrantService/StartAuthorization", {R"({"id":"$grant"})", true}},
      {"/penstock.connector.v1.GrantService/StartDeviceAuthorization",
       {R"({"id":"$grant"})", true}},
      {"/penstock.connector.v1.GrantService/RefreshGrant", {R"({"id":"$grant"})", true}},
      {"/penstock.connector.v1.GrantService/RevokeGrant", {R"({"id":"$grant"})", true}},
      {"/penstock.connector.v1.GrantService/DeleteGrant", {R"({"id":"$grant"})", true}},
      {"/penstock.connector.v1.GrantService/OpenAuthorization", {"{}", false}},
      {"/penstock.connector.v1.GrantService/CompleteAuthorization", {"{}", false}},
      {"/penstock.connector.v1.KeyService/GetKeyStatus", {"{}", false}},
      {"/penstock.connector.v1.KeyService/StartKeyRotation", {"{}", false}},
      {"/penstock.connector.v1.KeyService/GetKeyRotation", {R"({"id":"$execution"})", true}},
      {"/penstock.connector.v1.KeyService/ListKeyRotations", {"{}", false}},
      {"/penstock.connector.v1.KeyService/CancelKeyRotation", {R"({"id":"$execution"})", true}},
      {"/penstock.connector.v1.KeyService/DestroyTenantKeys", {"{}", false}},
      {"/penstock.connector.v1.ProjectConnectorService/CreateProjectConnector", {"{}", false}},
      {"/penstock.connector.v1.ProjectConnectorService/GetProjectConnector",
       {R"({"id":"$link"})", true}},
      {"/penstock.connector.v1.ProjectConnectorService/ListProjectConnectors", {"{}", false}},
      {"/penstock.connector.v1.ProjectConnectorService/UpdateProjectConnector",
       {R"({"projectConnector":{"id":"$link","description":"x"}})", true}},
      {"/penstock.connector.v1.ProjectConnectorService/DeleteProjectConnector",
       {R"({"id":"$link"})", true}},
      {"/penstock.connector.v1.ProjectConnectorService/GetProjectConnectorsBySourceProject",
       {R"({"projectId":"$project"})", true}},
      {"/penstock.connector.v1.ProjectConnectorService/GetProjectConnectorsByTargetProject",
       {R"({"projectId":"$project"})", true}},
      {"/penstock.connector.v1.ProviderService/ListProviders", {"{}", false}},
      {"/penstock.connector.v1.ProviderService/GetProvider", {R"({"id":"$provider"})", true}},
      {"/penstock.connector.v1.ProviderService/CreateProvider", {"{}", false}},
      {"/penstock.connector.v1.ProviderService/UpdateProvider",
       {R"({"provider":{"id":"$provider","notes":"x"}})", true}},
      {"/penstock.connector.v1.ProviderService/DeleteProvider", {R"({"id":"$provider"})", true}},
      {"/penstock.interfaces.v1.ServiceInterfaceService/CreateServiceInterface", {"{}", false}},
      {"/penstock.interfaces.v1.ServiceInterfaceService/GetServiceInterface",
       {R"({"id":"$interface"})", true}},
      {"/penstock.interfaces.v1.ServiceInterfaceService/ListServiceInterfaces", {"{}", false}},
      {"/penstock.interfaces.v1.ServiceInterfaceService/GetByService",
       {R"({"serviceId":"$workflow"})", true}},
      {"/penstock.interfaces.v1.ServiceInterfaceService/UpdateServiceInterface",
       {R"({"serviceInterface":{"id":"$interface","description":"x"}})", true}},
      {"/penstock.interfaces.v1.ServiceInterfaceService/DeleteServiceInterface",
       {R"({"id":"$interface"})", true}},
      {"/penstock.interfaces.v1.ServiceInterfaceService/InvokeServiceInterface",
       {R"({"id":"$interface"})", true}},
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
    names_["$connector"] = MakeConnector(owner, names_["$project"]);
    names_["$grant"] = MakeGrant(owner, names_["$project"]);
    names_["$provider"] = MakeProvider(owner);
    names_["$interface"] = MakeInterface(owner, names_["$workflow"]);
    names_["$link"] =
        MakeProjectConnector(owner, names_["$project"], names_["$workflow"], names_["$interface"]);
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
    const auto& channel = method.starts_with("/penstock.workflow.")    ? clients.engine_channel()
                          : method.starts_with("/penstock.connector.") ? clients.connectors_channel()
                          : method.starts_with("/penstock.scheduler.") ? SchedulerChannel()
                                                                       : clients.interfaces_channel();
    grpc::GenericStub stub(channel);
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
  static std::string MakeConnector(Clients& owner, const std::string& project) {
    connector::v1::CreateConnectorRequest request;
    connector::v1::Connector& connector = *request.mutable_connector();
    connector.set_name("authorization");
    connector.set_service_name("example");
    connector.set_project_id(project);
    connector.set_auth_type("bearer");
    connector.set_base_url("http://127.0.0.1:1025");  // nobody listens there
    (*request.mutable_secrets())["token"] = "a token to test with";
    return Check(owner.Call(&connector::v1::ConnectorService::Stub::CreateConnector,
                            owner.connectors(), request),
                 "connector")
        .id();
  }

  static std::string MakeGrant(Clients& owner, const std::string& project) {
    connector::v1::CreateConnectorRequest request;
    connector::v1::Connector& connector = *request.mutable_connector();
    connector.set_name("authorization-grant");
    connector.set_service_name("example");
    connector.set_project_id(project);
    connector.set_auth_type("oauth2");
    auto& config = *connector.mutable_auth_config()->mutable_fields();
    config["grant_type"].set_string_value("client_credentials");
    config["client_id"].set_string_value("client");
    config["token_url"].set_string_value("http://127.0.0.1:1025/token");
    connector.set_base_url("http://127.0.0.1:1025");
    (*request.mutable_secrets())["client_secret"] = "a secret to test with";
    connector::v1::CreateGrantRequest grant;
    grant.set_connector_id(Check(owner.Call(&connector::v1::ConnectorService::Stub::CreateConnector,
                                            owner.connectors(), request),
                                 "connector of a grant")
                               .id());
    auto grants = connector::v1::GrantService::NewStub(owner.connectors_channel());
    return Check(owner.Call(&connector::v1::GrantService::Stub::CreateGrant, *grants, grant),
                 "grant")
        .id();
  }

  static std::string MakeInterface(Clients& owner, const std::string& workflow) {
    interfaces::v1::CreateServiceInterfaceRequest request;
    request.mutable_service_interface()->set_service_id(workflow);
    request.mutable_service_interface()->set_name("start");
    request.mutable_service_interface()->set_type(interfaces::v1::INTERFACE_TYPE_START_CHILD);
    auto stub = interfaces::v1::ServiceInterfaceService::NewStub(owner.interfaces_channel());
    return Check(
               owner.Call(&interfaces::v1::ServiceInterfaceService::Stub::CreateServiceInterface,
                          *stub, request),
               "interface")
        .id();
  }

  static std::string MakeProjectConnector(Clients& owner, const std::string& project,
                                          const std::string& workflow,
                                          const std::string& interface) {
    workflow::v1::GetWorkflowRequest get;
    get.set_id(workflow);
    connector::v1::CreateProjectConnectorRequest request;
    connector::v1::ProjectConnector& link = *request.mutable_project_connector();
    link.set_name("authorization");
    link.set_source_project_id(project);
    link.set_target_project_id(
        Check(owner.Call(&WorkflowService::Stub::GetWorkflow, owner.workflows(), get), "workflow")
            .project_id());
    link.set_target_service_id(workflow);
    link.set_target_interface_id(interface);
    auto stub = connector::v1::ProjectConnectorService::NewStub(owner.connectors_channel());
    return Check(
               owner.Call(&connector::v1::ProjectConnectorService::Stub::CreateProjectConnector,
                          *stub, request),
               "project connector")
        .id();
  }

  static std::string MakeProvider(Clients& owner) {
    connector::v1::CreateProviderRequest request;
    const auto parsed = google::protobuf::util::JsonStringToMessage(R"({"provider":
      {"id":"acme-authorization","displayName":"Acme","description":"Notes.","categories":["other"],"hosts":["api.acme-notes.com"],
       "baseUrl":"https://api.acme-notes.com","auth":[{"type":"bearer","title":"Token","config":{}}],
       "testRequest":{"method":"GET","path":"/me"},"pagination":{"style":"STYLE_NONE"},
       "documentationUrl":"https://acme-notes.com/docs","sources":["https://acme-notes.com/docs"],
       "verifiedOn":"2026-11-20"}})",
                                                                    &request);
    if (!parsed.ok()) testing::Fail("provider", std::string(parsed.message()));
    auto providers = connector::v1::ProviderService::NewStub(owner.connectors_channel());
    return Check(owner.Call(&connector::v1::ProviderService::Stub::CreateProvider, *providers,
                            request),
                 "provider")
        .id();
  }

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
      added.push_back({fmt::format("{} of {} with a token", name, slug), tokens.access_token(), own,
                       of_platform, role});
      // Any token with another signature is as good as none.
      std::string forged = tokens.access_token();
      forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
      added.push_back({fmt::format("{} of {} with a forged token", name, slug), forged, own,
                       of_platform, std::nullopt});
    }
    callers_.insert(own ? callers_.end() : callers_.begin(), added.begin(), added.end());
    if (!own) return;
    callers_.insert(callers_.begin(), {"nobody", "", true, false, std::nullopt});
    callers_.insert(callers_.begin(), {"an unknown key", "pk_live_" + std::string(43, 'A'), true,
                                       false, std::nullopt});
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
       {clients.engine_channel(), clients.interfaces_channel(), clients.connectors_channel(),
        SchedulerChannel()}) {
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

TEST_CASE("a key that is limited to a project reaches nothing of another project") {
  const World& world = SharedWorld();
  People people(SharedDeployment().clients());
  const std::string project = Check(people.CreateProject("apart"), "project").id();
  const std::string key =
      Check(people.CreateKey("apart", tenancy::ROLE_ADMIN, project), "key").key();
  for (const auto& [name, access] : auth::PenstockRoles().entries()) {
    const std::string method(name);
    if (!method.starts_with("/penstock.") || access == auth::Access::kServiceOnly ||
        !Questions().at(method).names_a_thing) {
      continue;
    }
    // Whose it is, and what services there are, every key may see.
    if (method == "/penstock.tenancy.v1.TenantService/GetTenant" ||
        method == "/penstock.connector.v1.ProviderService/GetProvider") {
      continue;
    }
    const absl::Status status = world.Ask(method, key);
    INFO(method << ": " << status.ToString());
    CHECK((absl::IsNotFound(status) || ReasonOf(status) == "PROJECT_SCOPED_KEY" ||
           ReasonOf(status) == "PLATFORM_ONLY"));
  }
  for (const char* method : {"/penstock.workflow.v1.EventService/ListEvents",
                             "/penstock.workflow.v1.EventService/ReplayEvents",
                             "/penstock.workflow.v1.EventService/SubscribeEvents",
                             "/penstock.interfaces.v1.WebhookService/ListDeliveries",
                             "/penstock.interfaces.v1.WebhookService/CreateSigningSecret"}) {
    INFO(method);
    CHECK(ReasonOf(world.Ask(method, key)) == "PROJECT_SCOPED_KEY");
  }
  CHECK(absl::IsInvalidArgument(
      world.Ask("/penstock.workflow.v1.ExecutionService/ListExecutions", key)));
}

TEST_CASE("a key that is limited to a project runs and watches what is in it") {
  Deployment& deployment = SharedDeployment();
  People people(deployment.clients());
  const std::string project = Check(people.CreateProject("within"), "project").id();
  const std::string key =
      Check(people.CreateKey("within", tenancy::ROLE_DEVELOPER, project), "key").key();
  const std::unique_ptr<Clients> caller = deployment.CallerWithKey(key);
  const std::string workflow = Publish(*caller, Chain({WebhookTrigger("within")}));
  const auto execution =
      Check(Start(*caller, workflow, {{"a", 1}}, workflow::v1::WAIT_MODE_COMPLETED), "start");
  workflow::v1::GetExecutionRequest get;
  get.set_id(execution.id());
  CHECK(Check(caller->Call(&ExecutionService::Stub::GetExecution, caller->executions(), get), "get")
            .id() == execution.id());
  workflow::v1::ListExecutionsRequest list;
  list.set_workflow_id(workflow);
  CHECK(Check(caller->Call(&ExecutionService::Stub::ListExecutions, caller->executions(), list),
              "list")
            .executions_size() == 1);
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
    const Decision refusal =
        access == auth::Access::kPlatformAdmin ? Decision::kPlatformOnly : Decision::kRoleRefused;
    CHECK(DecisionOf(status) == (open ? Decision::kAdmitted : refusal));
  }
}

}  // namespace
}  // namespace penstock::e2e
