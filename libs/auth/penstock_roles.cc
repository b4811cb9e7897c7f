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
      {"/penstock.workflow.v1.ExecutionService/PauseExecution", kOperator},
      {"/penstock.workflow.v1.ExecutionService/ResumeExecution", kOperator},

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

      {"/penstock.interfaces.v1.WebhookService/ListDeliveries", kViewer},
      {"/penstock.interfaces.v1.WebhookService/GetDelivery", kViewer},
      {"/penstock.interfaces.v1.WebhookService/Redeliver", kOperator},
      {"/penstock.interfaces.v1.WebhookService/CreateSigningSecret", kAdmin},
      {"/penstock.interfaces.v1.WebhookService/ListSigningSecrets", kAdmin},
      {"/penstock.interfaces.v1.WebhookService/DeleteSigningSecret", kAdmin},
  });
  return table;
}

}  // namespace penstock::auth
