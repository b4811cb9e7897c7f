// penstock.tenancy.v1.UserService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/user.grpc.pb.h"
#include "services/interfaces/ops/identity.h"

namespace penstock::interfaces {

class UserService final : public tenancy::v1::UserService::CallbackService {
 public:
  // Both outlive the service.
  UserService(rpc::Serving& serving, const IdentityContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateUser(grpc::CallbackServerContext* context,
                                       const tenancy::v1::CreateUserRequest* request,
                                       tenancy::v1::CreateUserResponse* response) override;
  grpc::ServerUnaryReactor* GetUser(grpc::CallbackServerContext* context,
                                    const tenancy::v1::GetUserRequest* request,
                                    tenancy::v1::User* response) override;
  grpc::ServerUnaryReactor* ListUsers(grpc::CallbackServerContext* context,
                                      const tenancy::v1::ListUsersRequest* request,
                                      tenancy::v1::ListUsersResponse* response) override;
  grpc::ServerUnaryReactor* UpdateUser(grpc::CallbackServerContext* context,
                                       const tenancy::v1::UpdateUserRequest* request,
                                       tenancy::v1::User* response) override;
  grpc::ServerUnaryReactor* DisableUser(grpc::CallbackServerContext* context,
                                        const tenancy::v1::DisableUserRequest* request,
                                        tenancy::v1::User* response) override;
  grpc::ServerUnaryReactor* EnableUser(grpc::CallbackServerContext* context,
                                       const tenancy::v1::EnableUserRequest* request,
                                       tenancy::v1::User* response) override;
  grpc::ServerUnaryReactor* SetUserRoles(grpc::CallbackServerContext* context,
                                         const tenancy::v1::SetUserRolesRequest* request,
                                         tenancy::v1::User* response) override;
  grpc::ServerUnaryReactor* ResetUserPassword(
      grpc::CallbackServerContext* context, const tenancy::v1::ResetUserPasswordRequest* request,
      tenancy::v1::ResetUserPasswordResponse* response) override;
  grpc::ServerUnaryReactor* DeleteUser(grpc::CallbackServerContext* context,
                                       const tenancy::v1::DeleteUserRequest* request,
                                       tenancy::v1::DeleteUserResponse* response) override;

 private:
  rpc::Serving& serving_;
  const IdentityContext& context_;
};

}  // namespace penstock::interfaces
