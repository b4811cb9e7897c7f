// The table itself. One line for each RPC of protos/; role_table_test compares it with their
// descriptors.
#include "libs/auth/role_table.h"

namespace penstock::auth {

const RoleTable& PenstockRoles() {
  using enum Access;
  static const RoleTable& table = *new RoleTable({
      {"/grpc.health.v1.Health/Check", kPublic},
      {"/grpc.health.v1.Health/Watch", kPublic},
      {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", kPublic},

      {"/penstock.workflow.v1.WorkflowService/CreateWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/GetWorkflow", kViewer},
      {"/penstock.workflow.v1.WorkflowService/ListWorkflows", kViewer},
      {"/penstock.workflow.v1.WorkflowService/UpdateWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/ValidateWorkflow", kViewer},
      {"/penstock.workflow.v1.WorkflowService/PublishWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/PauseWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/ResumeWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/ArchiveWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/UnarchiveWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/ListWorkflowVersions", kViewer},
      {"/penstock.workflow.v1.WorkflowService/GetWorkflowVersion", kViewer},
      {"/penstock.workflow.v1.WorkflowService/ExportWorkflow", kViewer},
      {"/penstock.workflow.v1.WorkflowService/ImportWorkflow", kDeveloper},
      {"/penstock.workflow.v1.WorkflowService/ListNodeTypes", kViewer},

      {"/penstock.workflow.v1.ExecutionService/StartExecution", kOperator},
      {"/penstock.workflow.v1.ExecutionService/GetExecution", kViewer},
      {"/penstock.workflow.v1.ExecutionService/ListExecutions", kViewer},
      {"/penstock.workflow.v1.ExecutionService/WatchExecution", kViewer},
      {"/penstock.workflow.v1.ExecutionService/CancelExecution", kOperator},
      {"/penstock.workflow.v1.ExecutionService/TerminateExecution", kOperator},
      {"/penstock.workflow.v1.ExecutionService/PauseExecution", kOperator},
      {"/penstock.workflow.v1.ExecutionService/ResumeExecution", kOperator},
      {"/penstock.workflow.v1.ExecutionService/SignalExecution", kOperator},
      {"/penstock.workflow.v1.ExecutionService/QueryExecution", kViewer},

      {"/penstock.workflow.v1.EventService/ListEvents", kViewer},
      {"/penstock.workflow.v1.EventService/ReplayEvents", kViewer},
      {"/penstock.workflow.v1.EventService/SubscribeEvents", kViewer},

      {"/penstock.workflow.v1.IngressService/Deliver", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/ListDeliveries", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/Redeliver", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/PutSigningSecret", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/ListSigningSecrets", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/DeleteSigningSecret", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/InvalidateRoutes", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/ForwardStart", kServiceOnly},
      {"/penstock.workflow.v1.IngressService/ForwardControl", kServiceOnly},

      {"/penstock.connector.v1.ConnectorService/CreateConnector", kDeveloper},
      {"/penstock.connector.v1.ConnectorService/GetConnector", kViewer},
      {"/penstock.connector.v1.ConnectorService/ListConnectors", kViewer},
      {"/penstock.connector.v1.ConnectorService/GetConnectorsByType", kViewer},
      {"/penstock.connector.v1.ConnectorService/UpdateConnector", kDeveloper},
      {"/penstock.connector.v1.ConnectorService/SetConnectorSecrets", kDeveloper},
      {"/penstock.connector.v1.ConnectorService/DeleteConnector", kDeveloper},
      {"/penstock.connector.v1.ConnectorService/TestConnector", kOperator},
      {"/penstock.connector.v1.ConnectorService/FetchData", kOperator},
      {"/penstock.connector.v1.ConnectorService/PerformAction", kOperator},
      {"/penstock.connector.v1.ConnectorService/ListActions", kViewer},
      {"/penstock.connector.v1.ConnectorService/ListAuthTypes", kViewer},

      {"/penstock.connector.v1.CredentialAuditService/ListCredentialUses", kAdmin},
      {"/penstock.connector.v1.CredentialAuditService/VerifyCredentialAudit", kAdmin},

      {"/penstock.connector.v1.GrantService/CreateGrant", kDeveloper},
      {"/penstock.connector.v1.GrantService/GetGrant", kViewer},
      {"/penstock.connector.v1.GrantService/ListGrants", kViewer},
      {"/penstock.connector.v1.GrantService/StartAuthorization", kDeveloper},
      {"/penstock.connector.v1.GrantService/StartDeviceAuthorization", kDeveloper},
      {"/penstock.connector.v1.GrantService/RefreshGrant", kOperator},
      {"/penstock.connector.v1.GrantService/RevokeGrant", kDeveloper},
      {"/penstock.connector.v1.GrantService/DeleteGrant", kDeveloper},
      // For the front door: what the browser brings is its credential.
      {"/penstock.connector.v1.GrantService/OpenAuthorization", kServiceOnly},
      {"/penstock.connector.v1.GrantService/CompleteAuthorization", kServiceOnly},

      {"/penstock.connector.v1.KeyService/GetKeyStatus", kPlatformAdmin},
      {"/penstock.connector.v1.KeyService/StartKeyRotation", kPlatformAdmin},
      {"/penstock.connector.v1.KeyService/GetKeyRotation", kPlatformAdmin},
      {"/penstock.connector.v1.KeyService/ListKeyRotations", kPlatformAdmin},
      {"/penstock.connector.v1.KeyService/CancelKeyRotation", kPlatformAdmin},
      {"/penstock.connector.v1.KeyService/DestroyTenantKeys", kPlatformAdmin},

      {"/penstock.connector.v1.ProjectConnectorService/CreateProjectConnector", kDeveloper},
      {"/penstock.connector.v1.ProjectConnectorService/GetProjectConnector", kViewer},
      {"/penstock.connector.v1.ProjectConnectorService/ListProjectConnectors", kViewer},
      {"/penstock.connector.v1.ProjectConnectorService/UpdateProjectConnector", kDeveloper},
      {"/penstock.connector.v1.ProjectConnectorService/DeleteProjectConnector", kDeveloper},
      {"/penstock.connector.v1.ProjectConnectorService/GetProjectConnectorsBySourceProject",
       kViewer},
      {"/penstock.connector.v1.ProjectConnectorService/GetProjectConnectorsByTargetProject",
       kViewer},

      {"/penstock.connector.v1.ProviderService/ListProviders", kViewer},
      {"/penstock.connector.v1.ProviderService/GetProvider", kViewer},
      {"/penstock.connector.v1.ProviderService/CreateProvider", kDeveloper},
      {"/penstock.connector.v1.ProviderService/UpdateProvider", kDeveloper},
      {"/penstock.connector.v1.ProviderService/DeleteProvider", kDeveloper},

      {"/penstock.interfaces.v1.ServiceInterfaceService/CreateServiceInterface", kDeveloper},
      {"/penstock.interfaces.v1.ServiceInterfaceService/GetServiceInterface", kViewer},
      {"/penstock.interfaces.v1.ServiceInterfaceService/ListServiceInterfaces", kViewer},
      {"/penstock.interfaces.v1.ServiceInterfaceService/GetByService", kViewer},
      {"/penstock.interfaces.v1.ServiceInterfaceService/UpdateServiceInterface", kDeveloper},
      {"/penstock.interfaces.v1.ServiceInterfaceService/DeleteServiceInterface", kDeveloper},
      {"/penstock.interfaces.v1.ServiceInterfaceService/InvokeServiceInterface", kOperator},

      {"/penstock.interfaces.v1.WebhookService/ListDeliveries", kViewer},
      {"/penstock.interfaces.v1.WebhookService/GetDelivery", kViewer},
      {"/penstock.interfaces.v1.WebhookService/Redeliver", kOperator},
      {"/penstock.interfaces.v1.WebhookService/CreateSigningSecret", kAdmin},
      {"/penstock.interfaces.v1.WebhookService/ListSigningSecrets", kAdmin},
      {"/penstock.interfaces.v1.WebhookService/DeleteSigningSecret", kAdmin},

      {"/penstock.scheduler.v1.ScheduleService/CreateSchedule", kDeveloper},
      {"/penstock.scheduler.v1.ScheduleService/GetSchedule", kViewer},
      {"/penstock.scheduler.v1.ScheduleService/ListSchedules", kViewer},
      {"/penstock.scheduler.v1.ScheduleService/UpdateSchedule", kDeveloper},
      {"/penstock.scheduler.v1.ScheduleService/DeleteSchedule", kDeveloper},
      {"/penstock.scheduler.v1.ScheduleService/PauseSchedule", kOperator},
      {"/penstock.scheduler.v1.ScheduleService/ResumeSchedule", kOperator},
      {"/penstock.scheduler.v1.ScheduleService/RunSchedule", kOperator},
      {"/penstock.scheduler.v1.ScheduleService/BackfillSchedule", kOperator},
      {"/penstock.scheduler.v1.ScheduleService/GetBackfill", kViewer},
      {"/penstock.scheduler.v1.ScheduleService/PreviewSchedule", kViewer},
      {"/penstock.scheduler.v1.ScheduleService/ListScheduleRuns", kViewer},

      // What these need instead of credentials is in the request.
      {"/penstock.tenancy.v1.AuthService/Login", kPublic},
      {"/penstock.tenancy.v1.AuthService/Refresh", kPublic},
      {"/penstock.tenancy.v1.AuthService/Logout", kPublic},
      {"/penstock.tenancy.v1.AuthService/ChangePassword", kPublic},
      {"/penstock.tenancy.v1.AuthService/GetJwks", kPublic},

      {"/penstock.tenancy.v1.UserService/CreateUser", kAdmin},
      {"/penstock.tenancy.v1.UserService/GetUser", kViewer},
      {"/penstock.tenancy.v1.UserService/ListUsers", kViewer},
      {"/penstock.tenancy.v1.UserService/UpdateUser", kAdmin},
      {"/penstock.tenancy.v1.UserService/DisableUser", kAdmin},
      {"/penstock.tenancy.v1.UserService/EnableUser", kAdmin},
      {"/penstock.tenancy.v1.UserService/SetUserRoles", kAdmin},
      {"/penstock.tenancy.v1.UserService/ResetUserPassword", kAdmin},
      {"/penstock.tenancy.v1.UserService/DeleteUser", kAdmin},

      {"/penstock.tenancy.v1.ProjectService/CreateProject", kAdmin},
      {"/penstock.tenancy.v1.ProjectService/GetProject", kViewer},
      {"/penstock.tenancy.v1.ProjectService/ListProjects", kViewer},
      {"/penstock.tenancy.v1.ProjectService/UpdateProject", kAdmin},
      {"/penstock.tenancy.v1.ProjectService/DeleteProject", kAdmin},

      {"/penstock.tenancy.v1.CompanyService/CreateCompany", kAdmin},
      {"/penstock.tenancy.v1.CompanyService/GetCompany", kViewer},
      {"/penstock.tenancy.v1.CompanyService/ListCompanies", kViewer},
      {"/penstock.tenancy.v1.CompanyService/UpdateCompany", kAdmin},
      {"/penstock.tenancy.v1.CompanyService/SetDefaultCompany", kAdmin},
      {"/penstock.tenancy.v1.CompanyService/DeleteCompany", kAdmin},

      {"/penstock.tenancy.v1.OverviewService/GetOverview", kViewer},

      {"/penstock.tenancy.v1.ApiKeyService/CreateApiKey", kDeveloper},
      {"/penstock.tenancy.v1.ApiKeyService/GetApiKey", kDeveloper},
      {"/penstock.tenancy.v1.ApiKeyService/ListApiKeys", kDeveloper},
      {"/penstock.tenancy.v1.ApiKeyService/RotateApiKey", kDeveloper},
      {"/penstock.tenancy.v1.ApiKeyService/RevokeApiKey", kDeveloper},

      {"/penstock.tenancy.v1.TenantService/GetTenant", kViewer},
      {"/penstock.tenancy.v1.TenantService/UpdateTenant", kAdmin},

      {"/penstock.tenancy.v1.TenantAdminService/CreateTenant", kPlatformAdmin},
      {"/penstock.tenancy.v1.TenantAdminService/DeleteTenant", kPlatformAdmin},
      {"/penstock.tenancy.v1.TenantAdminService/GetTenantOperation", kPlatformAdmin},
      {"/penstock.tenancy.v1.TenantAdminService/CancelTenantOperation", kPlatformAdmin},
      {"/penstock.tenancy.v1.TenantAdminService/ListTenants", kPlatformAdmin},

      {"/penstock.platform.v1.StepService/RunStep", kServiceOnly},

      {"/penstock.tenancy.v1.AuditService/ListAuditEvents", kAdmin},
      {"/penstock.tenancy.v1.AuditService/VerifyAuditLog", kAdmin},
  });
  return table;
}

}  // namespace penstock::auth
