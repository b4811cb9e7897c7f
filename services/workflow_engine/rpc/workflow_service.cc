#include "services/workflow_engine/rpc/workflow_service.h"

#include <optional>
#include <string>
#include <utility>

#include "libs/grpc/serve.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/change_workflow_status.h"
#include "services/workflow_engine/ops/create_workflow.h"
#include "services/workflow_engine/ops/publish_workflow.h"
#include "services/workflow_engine/ops/read_workflows.h"
#include "services/workflow_engine/ops/transfer_workflow.h"
#include "services/workflow_engine/ops/update_workflow.h"
#include "services/workflow_engine/ops/validate_definition.h"
#include "services/workflow_engine/rpc/convert_definition.h"
#include "services/workflow_engine/rpc/convert_workflow.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;
using auth::CallContext;

namespace {

absl::StatusOr<ValidatedDefinition> Validate(const WorkflowContext& context,
                                             const CallContext& caller,
                                             const v1::ValidateWorkflowRequest& request) {
  if (request.has_definition()) {
    ASSIGN_OR_RETURN(DefinitionText text, FromProto(request.definition(), "definition"));
    return ValidateDefinition(context, caller.tenant, text);
  }
  if (!request.has_id()) return InvalidField("subject", "must be an id or a definition");
  ASSIGN_OR_RETURN(WorkflowId id, ParseWorkflowId(request.id(), "id"));
  return workflow_engine::ValidateWorkflow(context, caller, id);
}

absl::StatusOr<v1::ExportWorkflowResponse> ToExportResponse(const std::string& document) {
  v1::ExportWorkflowResponse response;
  RETURN_IF_ERROR(json::ToProto(document, *response.mutable_document()));
  return response;
}

struct ImportCommand {
  std::string document;
  std::optional<ProjectId> project;
};

absl::StatusOr<ImportCommand> FromProto(const v1::ImportWorkflowRequest& request) {
  ImportCommand command;
  ASSIGN_OR_RETURN(command.project, ParseProjectId(request.project_id(), "project_id"));
  absl::StatusOr<std::string> document = json::FromProto(request.document());
  if (!document.ok()) return InvalidField("document", std::string(document.status().message()));
  command.document = *std::move(document);
  return command;
}

}  // namespace

WorkflowService::WorkflowService(Dependencies dependencies)
    : serving_(dependencies.serving),
      context_{.pool = dependencies.server_pool,
               .types = dependencies.node_types,
               .sandbox = dependencies.sandbox,
               .clock = dependencies.clock,
               .routes_changed = std::move(dependencies.routes_changed)} {}

template <typename Request>
grpc::ServerUnaryReactor* WorkflowService::ServeAction(grpc::CallbackServerContext* context,
                                                       std::string_view full_method,
                                                       WorkflowAction action,
                                                       const Request* request,
                                                       v1::Workflow* response) {
  return rpc::Serve(serving_, context, full_method, request, response,
                    [this, action](const CallContext& caller,
                                   const Request& request) -> absl::StatusOr<v1::Workflow> {
                      ASSIGN_OR_RETURN(WorkflowId id, ParseWorkflowId(request.id(), "id"));
                      ASSIGN_OR_RETURN(Workflow changed,
                                       ChangeWorkflowStatus(context_, caller, id, action));
                      return ToProto(changed);
                    });
}

grpc::ServerUnaryReactor* WorkflowService::CreateWorkflow(grpc::CallbackServerContext* context,
                                                          const v1::CreateWorkflowRequest* request,
                                                          v1::Workflow* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/CreateWorkflow", request, response,
      [this](const CallContext& caller,
             const v1::CreateWorkflowRequest& request) -> absl::StatusOr<v1::Workflow> {
        ASSIGN_OR_RETURN(CreateCommand command, FromProto(caller, request));
        ASSIGN_OR_RETURN(Workflow created,
                         workflow_engine::CreateWorkflow(context_, caller, std::move(command)));
        return ToProto(created);
      });
}

grpc::ServerUnaryReactor* WorkflowService::GetWorkflow(grpc::CallbackServerContext* context,
                                                       const v1::GetWorkflowRequest* request,
                                                       v1::Workflow* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/GetWorkflow", request, response,
      [this](const CallContext& caller,
             const v1::GetWorkflowRequest& request) -> absl::StatusOr<v1::Workflow> {
        ASSIGN_OR_RETURN(WorkflowId id, ParseWorkflowId(request.id(), "id"));
        ASSIGN_OR_RETURN(Workflow found, workflow_engine::GetWorkflow(context_, caller, id));
        return ToProto(found);
      });
}

grpc::ServerUnaryReactor* WorkflowService::ListWorkflows(grpc::CallbackServerContext* context,
                                                         const v1::ListWorkflowsRequest* request,
                                                         v1::ListWorkflowsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/ListWorkflows", request, response,
      [this](const CallContext& caller,
             const v1::ListWorkflowsRequest& request) -> absl::StatusOr<v1::ListWorkflowsResponse> {
        ASSIGN_OR_RETURN(WorkflowQuery query, FromProto(request));
        ASSIGN_OR_RETURN(WorkflowPage page,
                         workflow_engine::ListWorkflows(context_, caller, std::move(query)));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* WorkflowService::UpdateWorkflow(grpc::CallbackServerContext* context,
                                                          const v1::UpdateWorkflowRequest* request,
                                                          v1::Workflow* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/UpdateWorkflow", request, response,
      [this](const CallContext& caller,
             const v1::UpdateWorkflowRequest& request) -> absl::StatusOr<v1::Workflow> {
        ASSIGN_OR_RETURN(UpdateCommand command, FromProto(caller, request));
        ASSIGN_OR_RETURN(Workflow updated,
                         workflow_engine::UpdateWorkflow(context_, caller, command));
        return ToProto(updated);
      });
}

grpc::ServerUnaryReactor* WorkflowService::ValidateWorkflow(
    grpc::CallbackServerContext* context, const v1::ValidateWorkflowRequest* request,
    v1::ValidateWorkflowResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.workflow.v1.WorkflowService/ValidateWorkflow",
                    request, response,
                    [this](const CallContext& caller, const v1::ValidateWorkflowRequest& request)
                        -> absl::StatusOr<v1::ValidateWorkflowResponse> {
                      ASSIGN_OR_RETURN(ValidatedDefinition validated,
                                       Validate(context_, caller, request));
                      return ToProto(validated.problems);
                    });
}

grpc::ServerUnaryReactor* WorkflowService::PublishWorkflow(
    grpc::CallbackServerContext* context, const v1::PublishWorkflowRequest* request,
    v1::Workflow* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/PublishWorkflow", request, response,
      [this](const CallContext& caller,
             const v1::PublishWorkflowRequest& request) -> absl::StatusOr<v1::Workflow> {
        ASSIGN_OR_RETURN(WorkflowId id, ParseWorkflowId(request.id(), "id"));
        ASSIGN_OR_RETURN(Workflow published,
                         workflow_engine::PublishWorkflow(context_, caller, id, request.etag()));
        return ToProto(published);
      });
}

grpc::ServerUnaryReactor* WorkflowService::PauseWorkflow(grpc::CallbackServerContext* context,
                                                         const v1::PauseWorkflowRequest* request,
                                                         v1::Workflow* response) {
  return ServeAction(context, "/penstock.workflow.v1.WorkflowService/PauseWorkflow",
                     WorkflowAction::kPause, request, response);
}

grpc::ServerUnaryReactor* WorkflowService::ResumeWorkflow(grpc::CallbackServerContext* context,
                                                          const v1::ResumeWorkflowRequest* request,
                                                          v1::Workflow* response) {
  return ServeAction(context, "/penstock.workflow.v1.WorkflowService/ResumeWorkflow",
                     WorkflowAction::kResume, request, response);
}

grpc::ServerUnaryReactor* WorkflowService::ArchiveWorkflow(
    grpc::CallbackServerContext* context, const v1::ArchiveWorkflowRequest* request,
    v1::Workflow* response) {
  return ServeAction(context, "/penstock.workflow.v1.WorkflowService/ArchiveWorkflow",
                     WorkflowAction::kArchive, request, response);
}

grpc::ServerUnaryReactor* WorkflowService::UnarchiveWorkflow(
    grpc::CallbackServerContext* context, const v1::UnarchiveWorkflowRequest* request,
    v1::Workflow* response) {
  return ServeAction(context, "/penstock.workflow.v1.WorkflowService/UnarchiveWorkflow",
                     WorkflowAction::kUnarchive, request, response);
}

grpc::ServerUnaryReactor* WorkflowService::ListWorkflowVersions(
    grpc::CallbackServerContext* context, const v1::ListWorkflowVersionsRequest* request,
    v1::ListWorkflowVersionsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/ListWorkflowVersions", request,
      response,
      [this](const CallContext& caller, const v1::ListWorkflowVersionsRequest& request)
          -> absl::StatusOr<v1::ListWorkflowVersionsResponse> {
        ASSIGN_OR_RETURN(WorkflowId id, ParseWorkflowId(request.workflow_id(), "workflow_id"));
        ASSIGN_OR_RETURN(VersionPage page,
                         workflow_engine::ListWorkflowVersions(
                             context_, caller, id, request.page_size(), request.page_token()));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* WorkflowService::GetWorkflowVersion(
    grpc::CallbackServerContext* context, const v1::GetWorkflowVersionRequest* request,
    v1::WorkflowVersion* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/GetWorkflowVersion", request,
      response,
      [this](const CallContext& caller,
             const v1::GetWorkflowVersionRequest& request) -> absl::StatusOr<v1::WorkflowVersion> {
        ASSIGN_OR_RETURN(WorkflowId id, ParseWorkflowId(request.workflow_id(), "workflow_id"));
        ASSIGN_OR_RETURN(WorkflowVersion found, workflow_engine::GetWorkflowVersion(
                                                    context_, caller, id, request.version()));
        return ToProto(found);
      });
}

grpc::ServerUnaryReactor* WorkflowService::ExportWorkflow(grpc::CallbackServerContext* context,
                                                          const v1::ExportWorkflowRequest* request,
                                                          v1::ExportWorkflowResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/ExportWorkflow", request, response,
      [this](const CallContext& caller, const v1::ExportWorkflowRequest& request)
          -> absl::StatusOr<v1::ExportWorkflowResponse> {
        ASSIGN_OR_RETURN(WorkflowId id, ParseWorkflowId(request.id(), "id"));
        ASSIGN_OR_RETURN(std::string document,
                         workflow_engine::ExportWorkflow(context_, caller, id, request.version()));
        return ToExportResponse(document);
      });
}

grpc::ServerUnaryReactor* WorkflowService::ImportWorkflow(grpc::CallbackServerContext* context,
                                                          const v1::ImportWorkflowRequest* request,
                                                          v1::Workflow* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/ImportWorkflow", request, response,
      [this](const CallContext& caller,
             const v1::ImportWorkflowRequest& request) -> absl::StatusOr<v1::Workflow> {
        ASSIGN_OR_RETURN(ImportCommand command, FromProto(request));
        ASSIGN_OR_RETURN(
            Workflow created,
            workflow_engine::ImportWorkflow(context_, caller, command.document, command.project));
        return ToProto(created);
      });
}

grpc::ServerUnaryReactor* WorkflowService::ListNodeTypes(grpc::CallbackServerContext* context,
                                                         const v1::ListNodeTypesRequest* request,
                                                         v1::ListNodeTypesResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.workflow.v1.WorkflowService/ListNodeTypes", request, response,
      [this](const CallContext&, const v1::ListNodeTypesRequest&)
          -> absl::StatusOr<v1::ListNodeTypesResponse> { return ToProto(context_.types); });
}

}  // namespace penstock::workflow_engine
