#include "services/connector/rpc/grant_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/connector/rpc/convert_grant.h"

namespace penstock::connector {

using auth::CallContext;

grpc::ServerUnaryReactor* GrantService::CreateGrant(grpc::CallbackServerContext* context,
                                                    const v1::CreateGrantRequest* request,
                                                    v1::Grant* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/CreateGrant", request, response,
      [this](const CallContext& caller,
             const v1::CreateGrantRequest& request) -> absl::StatusOr<v1::Grant> {
        ASSIGN_OR_RETURN(const NewGrant asked, FromProto(request));
        ASSIGN_OR_RETURN(const GrantView view, connector::CreateGrant(context_, caller, asked));
        return ToProto(view);
      });
}

grpc::ServerUnaryReactor* GrantService::GetGrant(grpc::CallbackServerContext* context,
                                                 const v1::GetGrantRequest* request,
                                                 v1::Grant* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/GetGrant", request, response,
      [this](const CallContext& caller,
             const v1::GetGrantRequest& request) -> absl::StatusOr<v1::Grant> {
        ASSIGN_OR_RETURN(const GrantId id, ParseId<GrantId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const GrantView view, connector::GetGrant(context_, caller, id));
        return ToProto(view);
      });
}

grpc::ServerUnaryReactor* GrantService::ListGrants(grpc::CallbackServerContext* context,
                                                   const v1::ListGrantsRequest* request,
                                                   v1::ListGrantsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/ListGrants", request, response,
      [this](const CallContext& caller,
             const v1::ListGrantsRequest& request) -> absl::StatusOr<v1::ListGrantsResponse> {
        ASSIGN_OR_RETURN(const GrantQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const auto page, connector::ListGrants(context_, caller, query));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* GrantService::StartAuthorization(
    grpc::CallbackServerContext* context, const v1::StartAuthorizationRequest* request,
    v1::StartAuthorizationResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.connector.v1.GrantService/StartAuthorization",
                    request, response,
                    [this](const CallContext& caller, const v1::StartAuthorizationRequest& request)
                        -> absl::StatusOr<v1::StartAuthorizationResponse> {
                      ASSIGN_OR_RETURN(const GrantId id, ParseId<GrantId>(request.id(), "id"));
                      ASSIGN_OR_RETURN(
                          const auto started,
                          connector::StartAuthorization(context_, caller, id, request.return_to()));
                      return ToProto(started);
                    });
}

grpc::ServerUnaryReactor* GrantService::StartDeviceAuthorization(
    grpc::CallbackServerContext* context, const v1::StartDeviceAuthorizationRequest* request,
    v1::StartDeviceAuthorizationResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/StartDeviceAuthorization", request,
      response,
      [this](const CallContext& caller, const v1::StartDeviceAuthorizationRequest& request)
          -> absl::StatusOr<v1::StartDeviceAuthorizationResponse> {
        ASSIGN_OR_RETURN(const GrantId id, ParseId<GrantId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const auto started,
                         connector::StartDeviceAuthorization(context_, caller, id));
        return ToProto(started);
      });
}

grpc::ServerUnaryReactor* GrantService::RefreshGrant(grpc::CallbackServerContext* context,
                                                     const v1::RefreshGrantRequest* request,
                                                     v1::Grant* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/RefreshGrant", request, response,
      [this](const CallContext& caller,
             const v1::RefreshGrantRequest& request) -> absl::StatusOr<v1::Grant> {
        ASSIGN_OR_RETURN(const GrantId id, ParseId<GrantId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const GrantView view, connector::RefreshGrant(context_, caller, id));
        return ToProto(view);
      });
}

grpc::ServerUnaryReactor* GrantService::RevokeGrant(grpc::CallbackServerContext* context,
                                                    const v1::RevokeGrantRequest* request,
                                                    v1::RevokeGrantResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/RevokeGrant", request, response,
      [this](const CallContext& caller,
             const v1::RevokeGrantRequest& request) -> absl::StatusOr<v1::RevokeGrantResponse> {
        ASSIGN_OR_RETURN(const GrantId id, ParseId<GrantId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const RevokedGrant revoked, connector::RevokeGrant(context_, caller, id));
        return ToProto(revoked);
      });
}

grpc::ServerUnaryReactor* GrantService::DeleteGrant(grpc::CallbackServerContext* context,
                                                    const v1::DeleteGrantRequest* request,
                                                    v1::DeleteGrantResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/DeleteGrant", request, response,
      [this](const CallContext& caller,
             const v1::DeleteGrantRequest& request) -> absl::StatusOr<v1::DeleteGrantResponse> {
        ASSIGN_OR_RETURN(const GrantId id, ParseId<GrantId>(request.id(), "id"));
        RETURN_IF_ERROR(connector::DeleteGrant(
            context_, caller, id, request.detach() ? Users::kAreLeftWithout : Users::kMustBeNone));
        return v1::DeleteGrantResponse();
      });
}

grpc::ServerUnaryReactor* GrantService::OpenAuthorization(
    grpc::CallbackServerContext* context, const v1::OpenAuthorizationRequest* request,
    v1::OpenAuthorizationResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.connector.v1.GrantService/OpenAuthorization",
                    request, response,
                    [this](const CallContext&, const v1::OpenAuthorizationRequest& request)
                        -> absl::StatusOr<v1::OpenAuthorizationResponse> {
                      ASSIGN_OR_RETURN(const OpenedAuthorization opened,
                                       context_.authorizer.Open(request.ticket()));
                      return ToProto(opened);
                    });
}

grpc::ServerUnaryReactor* GrantService::CompleteAuthorization(
    grpc::CallbackServerContext* context, const v1::CompleteAuthorizationRequest* request,
    v1::CompleteAuthorizationResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.GrantService/CompleteAuthorization", request,
      response,
      [this](const CallContext& caller, const v1::CompleteAuthorizationRequest& request)
          -> absl::StatusOr<v1::CompleteAuthorizationResponse> {
        ASSIGN_OR_RETURN(const AuthorizationCallback callback, FromProto(request));
        ASSIGN_OR_RETURN(const CompletedAuthorization completed,
                         context_.authorizer.Complete(callback, caller.deadline));
        return ToProto(completed);
      });
}

}  // namespace penstock::connector
