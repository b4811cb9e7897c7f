// penstock.tenancy.v1.AuthService on the wire.
#pragma once

#include "libs/auth/token_keys.h"
#include "libs/grpc/serving.h"
#include "libs/lifecycle/thread_pool.h"
#include "penstock/tenancy/v1/auth.grpc.pb.h"
#include "services/interfaces/ops/sign_in.h"

namespace penstock::interfaces {

class AuthService final : public tenancy::v1::AuthService::CallbackService {
 public:
  // All outlive the service. `passwords` are threads for calls that look at a password, which are
  // slow on purpose: however many come, they wait for each other and for nobody else.
  AuthService(rpc::Serving& serving, lifecycle::ThreadPool& passwords, const SignInContext& context,
              const auth::TokenKeyring& keys)
      : serving_(serving), passwords_(passwords), context_(context), keys_(keys) {}

  grpc::ServerUnaryReactor* Login(grpc::CallbackServerContext* context,
                                  const tenancy::v1::LoginRequest* request,
                                  tenancy::v1::LoginResponse* response) override;
  grpc::ServerUnaryReactor* Refresh(grpc::CallbackServerContext* context,
                                    const tenancy::v1::RefreshRequest* request,
                                    tenancy::v1::RefreshResponse* response) override;
  grpc::ServerUnaryReactor* Logout(grpc::CallbackServerContext* context,
                                   const tenancy::v1::LogoutRequest* request,
                                   tenancy::v1::LogoutResponse* response) override;
  grpc::ServerUnaryReactor* ChangePassword(grpc::CallbackServerContext* context,
                                           const tenancy::v1::ChangePasswordRequest* request,
                                           tenancy::v1::ChangePasswordResponse* response) override;
  grpc::ServerUnaryReactor* GetJwks(grpc::CallbackServerContext* context,
                                    const tenancy::v1::GetJwksRequest* request,
                                    tenancy::v1::Jwks* response) override;

 private:
  tenancy::v1::Tokens ToProto(const SignedIn& signed_in) const;

  rpc::Serving& serving_;
  lifecycle::ThreadPool& passwords_;
  const SignInContext& context_;
  const auth::TokenKeyring& keys_;
};

}  // namespace penstock::interfaces
