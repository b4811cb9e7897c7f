#include "services/interfaces/rpc/user_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_role.h"
#include "services/interfaces/rpc/convert_user.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* UserService::CreateUser(grpc::CallbackServerContext* context,
                                                  const v1::CreateUserRequest* request,
                                                  v1::CreateUserResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.UserService/CreateUser", request, response,
      [this](const CallContext& caller,
             const v1::CreateUserRequest& request) -> absl::StatusOr<v1::CreateUserResponse> {
        ASSIGN_OR_RETURN(const NewUser user, FromProto(caller, request));
        ASSIGN_OR_RETURN(const CreatedUser created, interfaces::CreateUser(context_, caller, user));
        return ToProto(created);
      });
}

grpc::ServerUnaryReactor* UserService::GetUser(grpc::CallbackServerContext* context,
                                               const v1::GetUserRequest* request,
                                               v1::User* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.UserService/GetUser", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::GetUserRequest& request) -> absl::StatusOr<v1::User> {
                      ASSIGN_OR_RETURN(const UserId id, ParseId<UserId>(request.id(), "id"));
                      ASSIGN_OR_RETURN(const User user, interfaces::GetUser(context_, caller, id));
                      return ToProto(user);
                    });
}

grpc::ServerUnaryReactor* UserService::ListUsers(grpc::CallbackServerContext* context,
                                                 const v1::ListUsersRequest* request,
                                                 v1::ListUsersResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.UserService/ListUsers", request, response,
      [this](const CallContext& caller,
             const v1::ListUsersRequest& request) -> absl::StatusOr<v1::ListUsersResponse> {
        ASSIGN_OR_RETURN(const UserQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const auto page, interfaces::ListUsers(context_, caller, query));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* UserService::UpdateUser(grpc::CallbackServerContext* context,
                                                  const v1::UpdateUserRequest* request,
                                                  v1::User* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.UserService/UpdateUser", request, response,
      [this](const CallContext& caller,
             const v1::UpdateUserRequest& request) -> absl::StatusOr<v1::User> {
        ASSIGN_OR_RETURN(const UserChange change, FromProto(caller, request));
        ASSIGN_OR_RETURN(const User user, interfaces::UpdateUser(context_, caller, change));
        return ToProto(user);
      });
}

grpc::ServerUnaryReactor* UserService::DisableUser(grpc::CallbackServerContext* context,
                                                   const v1::DisableUserRequest* request,
                                                   v1::User* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.UserService/DisableUser", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::DisableUserRequest& request) -> absl::StatusOr<v1::User> {
                      ASSIGN_OR_RETURN(const UserId id, ParseId<UserId>(request.id(), "id"));
                      ASSIGN_OR_RETURN(const User user, SetUserActive(context_, caller, id, false));
                      return ToProto(user);
                    });
}

grpc::ServerUnaryReactor* UserService::EnableUser(grpc::CallbackServerContext* context,
                                                  const v1::EnableUserRequest* request,
                                                  v1::User* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.UserService/EnableUser", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::EnableUserRequest& request) -> absl::StatusOr<v1::User> {
                      ASSIGN_OR_RETURN(const UserId id, ParseId<UserId>(request.id(), "id"));
                      ASSIGN_OR_RETURN(const User user, SetUserActive(context_, caller, id, true));
                      return ToProto(user);
                    });
}

grpc::ServerUnaryReactor* UserService::SetUserRoles(grpc::CallbackServerContext* context,
                                                    const v1::SetUserRolesRequest* request,
                                                    v1::User* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.UserService/SetUserRoles", request, response,
      [this](const CallContext& caller,
             const v1::SetUserRolesRequest& request) -> absl::StatusOr<v1::User> {
        ASSIGN_OR_RETURN(const UserId id, ParseId<UserId>(request.id(), "id"));
        ASSIGN_OR_RETURN(std::vector<auth::Role> roles, RolesFrom(request.roles(), "roles"));
        ASSIGN_OR_RETURN(const User user,
                         interfaces::SetUserRoles(context_, caller, id, std::move(roles)));
        return ToProto(user);
      });
}

grpc::ServerUnaryReactor* UserService::ResetUserPassword(
    grpc::CallbackServerContext* context, const v1::ResetUserPasswordRequest* request,
    v1::ResetUserPasswordResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.UserService/ResetUserPassword",
                    request, response,
                    [this](const CallContext& caller, const v1::ResetUserPasswordRequest& request)
                        -> absl::StatusOr<v1::ResetUserPasswordResponse> {
                      ASSIGN_OR_RETURN(const UserId id, ParseId<UserId>(request.id(), "id"));
                      ASSIGN_OR_RETURN(const TemporaryPassword password,
                                       interfaces::ResetUserPassword(context_, caller, id));
                      return ToProto(password);
                    });
}

grpc::ServerUnaryReactor* UserService::DeleteUser(grpc::CallbackServerContext* context,
                                                  const v1::DeleteUserRequest* request,
                                                  v1::DeleteUserResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.UserService/DeleteUser", request, response,
      [this](const CallContext& caller,
             const v1::DeleteUserRequest& request) -> absl::StatusOr<v1::DeleteUserResponse> {
        ASSIGN_OR_RETURN(const UserId id, ParseId<UserId>(request.id(), "id"));
        RETURN_IF_ERROR(interfaces::DeleteUser(context_, caller, id));
        return v1::DeleteUserResponse();
      });
}

}  // namespace penstock::interfaces
