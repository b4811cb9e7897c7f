// WorkflowService on the wire.
#pragma once

#include <functional>
#include <string_view>

#include "libs/clock/clock.h"
#include "libs/grpc/serving.h"
#include "libs/postgres/pool.h"
#include "libs/sandbox/sandbox.h"
#include "penstock/workflow/v1/workflow.grpc.pb.h"
#include "services/workflow_engine/nodes/registry.h"
#include "services/workflow_engine/ops/workflow_context.h"

namespace penstock::workflow_engine {

class WorkflowService final : public workflow::v1::WorkflowService::CallbackService {
 public:
  struct Dependencies {
    rpc::Serving& serving;
    postgres::Pool& server_pool;
    const NodeTypes& node_types;
    sandbox::Pool& sandbox;  // asked whether JavaScript parses
    const Clock& clock;
    std::function<void(TenantId)> routes_changed;  // see WorkflowContext
  };
  explicit WorkflowService(Dependencies dependencies);

  grpc::ServerUnaryReactor* CreateWorkflow(grpc::CallbackServerContext* context,
                                           const workflow::v1::CreateWorkflowRequest* request,
                                           workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* GetWorkflow(grpc::CallbackServerContext* context,
                                        const workflow::v1::GetWorkflowRequest* request,
                                        workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* ListWorkflows(grpc::CallbackServerContext* context,
                                          const workflow::v1::ListWorkflowsRequest* request,
                                          workflow::v1::ListWorkflowsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateWorkflow(grpc::CallbackServerContext* context,
                                           const workflow::v1::UpdateWorkflowRequest* request,
                                           workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* ValidateWorkflow(
      grpc::CallbackServerContext* context, const workflow::v1::ValidateWorkflowRequest* request,
      workflow::v1::ValidateWorkflowResponse* response) override;
  grpc::ServerUnaryReactor* PublishWorkflow(grpc::CallbackServerContext* context,
                                            const workflow::v1::PublishWorkflowRequest* request,
                                            workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* PauseWorkflow(grpc::CallbackServerContext* context,
                                          const workflow::v1::PauseWorkflowRequest* request,
                                          workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* ResumeWorkflow(grpc::CallbackServerContext* context,
                                           const workflow::v1::ResumeWorkflowRequest* request,
                                           workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* ArchiveWorkflow(grpc::CallbackServerContext* context,
                                            const workflow::v1::ArchiveWorkflowRequest* request,
                                            workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* UnarchiveWorkflow(grpc::CallbackServerContext* context,
                                              const workflow::v1::UnarchiveWorkflowRequest* request,
                                              workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* ListWorkflowVersions(
      grpc::CallbackServerContext* context,
      const workflow::v1::ListWorkflowVersionsRequest* request,
      workflow::v1::ListWorkflowVersionsResponse* response) override;
  grpc::ServerUnaryReactor* GetWorkflowVersion(
      grpc::CallbackServerContext* context, const workflow::v1::GetWorkflowVersionRequest* request,
      workflow::v1::WorkflowVersion* response) override;
  grpc::ServerUnaryReactor* ExportWorkflow(grpc::CallbackServerContext* context,
                                           const workflow::v1::ExportWorkflowRequest* request,
                                           workflow::v1::ExportWorkflowResponse* response) override;
  grpc::ServerUnaryReactor* ImportWorkflow(grpc::CallbackServerContext* context,
                                           const workflow::v1::ImportWorkflowRequest* request,
                                           workflow::v1::Workflow* response) override;
  grpc::ServerUnaryReactor* ListNodeTypes(grpc::CallbackServerContext* context,
                                          const workflow::v1::ListNodeTypesRequest* request,
                                          workflow::v1::ListNodeTypesResponse* response) override;

 private:
  // Pause, resume, archive and unarchive differ in nothing else.
  template <typename Request>
  grpc::ServerUnaryReactor* ServeAction(grpc::CallbackServerContext* context,
                                        std::string_view full_method, WorkflowAction action,
                                        const Request* request, workflow::v1::Workflow* response);

  rpc::Serving& serving_;
  const WorkflowContext context_;
};

}  // namespace penstock::workflow_engine
