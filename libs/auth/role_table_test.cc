#include "libs/auth/role_table.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "google/protobuf/descriptor.h"
#include "libs/ids/platform.h"
#include "libs/status/details.h"
#include "penstock/connector/v1/connector.pb.h"
#include "penstock/connector/v1/credential_audit.pb.h"
#include "penstock/connector/v1/grant.pb.h"
#include "penstock/connector/v1/key.pb.h"
#include "penstock/connector/v1/project_connector.pb.h"
#include "penstock/connector/v1/provider.pb.h"
#include "penstock/interfaces/v1/service_interface.pb.h"
#include "penstock/interfaces/v1/webhook.pb.h"
#include "penstock/platform/v1/step.pb.h"
#include "penstock/scheduler/v1/schedule.pb.h"
#include "penstock/tenancy/v1/api_key.pb.h"
#include "penstock/tenancy/v1/audit.pb.h"
#include "penstock/tenancy/v1/auth.pb.h"
#include "penstock/tenancy/v1/company.pb.h"
#include "penstock/tenancy/v1/overview.pb.h"
#include "penstock/tenancy/v1/project.pb.h"
#include "penstock/tenancy/v1/tenant.pb.h"
#include "penstock/tenancy/v1/tenant_admin.pb.h"
#include "penstock/tenancy/v1/user.pb.h"
#include "penstock/workflow/v1/event.pb.h"
#include "penstock/workflow/v1/execution.pb.h"
#include "penstock/workflow/v1/ingress.pb.h"
#include "penstock/workflow/v1/workflow.pb.h"

namespace penstock::auth {
namespace {

// Every RPC of the protos, by descriptor. A new proto file is added here and its RPCs to the table.
std::set<std::string> DeclaredMethods() {
  std::set<std::string> methods;
  for (const google::protobuf::FileDescriptor* file :
       {workflow::v1::Workflow::descriptor()->file(), workflow::v1::Execution::descriptor()->file(),
        workflow::v1::Event::descriptor()->file(),
        workflow::v1::DeliverRequest::descriptor()->file(),
        interfaces::v1::Delivery::descriptor()->file(), tenancy::v1::Tokens::descriptor()->file(),
        tenancy::v1::User::descriptor()->file(), tenancy::v1::Project::descriptor()->file(),
        tenancy::v1::ApiKey::descriptor()->file(), tenancy::v1::Tenant::descriptor()->file(),
        tenancy::v1::AuditEvent::descriptor()->file(), tenancy::v1::Company::descriptor()->file(),
        tenancy::v1::Overview::descriptor()->file(),
        tenancy::v1::TenantOperation::descriptor()->file(),
        platform::v1::RunStepRequest::descriptor()->file(),
        connector::v1::Connector::descriptor()->file(),
        connector::v1::Provider::descriptor()->file(), connector::v1::Grant::descriptor()->file(),
        connector::v1::KeyStatus::descriptor()->file(),
        connector::v1::CredentialUse::descriptor()->file(),
        connector::v1::ProjectConnector::descriptor()->file(),
        interfaces::v1::ServiceInterface::descriptor()->file(),
        scheduler::v1::Schedule::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      const auto* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) {
        methods.insert("/" + service->full_name() + "/" + service->method(m)->name());
      }
    }
  }
  return methods;
}

CallContext Caller(Role role) {
  CallContext caller;
  caller.tenant = TenantId::Make(absl::Now());
  caller.role = role;
  return caller;
}

CallContext Service(bool with_tenant) {
  CallContext caller;
  caller.service = "interfaces-service";
  if (with_tenant) caller.tenant = TenantId::Make(absl::Now());
  return caller;
}

TEST_CASE("every RPC of the protos is in the table, and nothing else of ours") {
  std::set<std::string> listed;
  for (const auto& [method, access] : PenstockRoles().entries()) {
    if (method.starts_with("/penstock.")) listed.emplace(method);
  }
  CHECK(listed == DeclaredMethods());
}

TEST_CASE("every RPC admits exactly the roles from its least one on") {
  const Role roles[] = {Role::kViewer, Role::kOperator, Role::kDeveloper, Role::kAdmin,
                        Role::kOwner};
  for (const auto& [method, access] : PenstockRoles().entries()) {
    CAPTURE(method);
    for (Role role : roles) {
      CAPTURE(RoleName(role));
      bool expected = access == Access::kPublic || access == Access::kViewer ||
                      (access == Access::kOperator && role >= Role::kOperator) ||
                      (access == Access::kDeveloper && role >= Role::kDeveloper) ||
                      (access == Access::kAdmin && role >= Role::kAdmin);
      CHECK(PenstockRoles().Check(method, Caller(role)).ok() == expected);
    }
    CHECK(PenstockRoles().Check(method, Service(true)).ok() == (access != Access::kPlatformAdmin));
  }
}

TEST_CASE("what only services may call is closed even to owners, with the reason") {
  absl::Status status =
      PenstockRoles().Check("/penstock.workflow.v1.IngressService/Deliver", Caller(Role::kOwner));
  CHECK(status.code() == absl::StatusCode::kPermissionDenied);
  CHECK(ReasonOf(status) == "SERVICE_ONLY");
}

TEST_CASE("a service without a tenant may call what is for services, and no tenant's RPCs") {
  CHECK(PenstockRoles().Check("/penstock.workflow.v1.IngressService/Deliver", Service(false)).ok());
  CHECK(PenstockRoles()
            .Check("/penstock.workflow.v1.WorkflowService/GetWorkflow", Service(false))
            .code() == absl::StatusCode::kPermissionDenied);
}

TEST_CASE("what is for the platform's admins is closed to every other tenant, and to its lesser roles") {
  constexpr std::string_view kMethod = "/penstock.tenancy.v1.TenantAdminService/CreateTenant";
  const absl::Status status = PenstockRoles().Check(kMethod, Caller(Role::kOwner));
  CHECK(status.code() == absl::StatusCode::kPermissionDenied);
  CHECK(ReasonOf(status) == "PLATFORM_ONLY");
  CallContext caller = Caller(Role::kAdmin);
  caller.tenant = kPlatformTenant;
  CHECK(PenstockRoles().Check(kMethod, caller).ok());
  caller.role = Role::kDeveloper;
  CHECK(ReasonOf(PenstockRoles().Check(kMethod, caller)) == "ROLE_NOT_ALLOWED");
  CallContext service = Service(false);
  CHECK(ReasonOf(PenstockRoles().Check(kMethod, service)) == "PLATFORM_ONLY");
  service.tenant = kPlatformTenant;
  CHECK(PenstockRoles().Check(kMethod, service).ok());
}

TEST_CASE("a method without entry is refused for everybody") {
  for (const CallContext& caller : {Caller(Role::kOwner), Service(true)}) {
    absl::Status status = PenstockRoles().Check("/penstock.workflow.v1.New/Method", caller);
    CHECK(status.code() == absl::StatusCode::kUnimplemented);
    CHECK(ReasonOf(status) == "NO_ROLE_ENTRY");
  }
}

TEST_CASE("role names go both ways") {
  for (Role role : {Role::kViewer, Role::kOperator, Role::kDeveloper, Role::kAdmin, Role::kOwner}) {
    CHECK(ParseRole(RoleName(role)) == role);
  }
  CHECK_FALSE(ParseRole("root").has_value());
  CHECK_FALSE(ParseRole("Owner").has_value());
}

}  // namespace
}  // namespace penstock::auth
