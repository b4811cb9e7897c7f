#include "services/interfaces/rpc/auth_service.h"

#include <memory>
#include <utility>

#include "libs/crypto/encoding.h"
#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/domain/peer_address.h"
#include "services/interfaces/ops/sessions.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;
using auth::CallContext;

// As rpc::Serve, on the threads for passwords. `handler`: absl::StatusOr<Response>(const
// CallContext&, const Request&).
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* ServeOn(lifecycle::ThreadPool& threads, rpc::Serving& serving,
                                  grpc::CallbackServerContext* context,
                                  std::string_view full_method, const Request* request,
                                  Response* response, Handler handler) {
  return rpc::ServeAsync(
      serving, context, full_method, request, response,
      [&threads, &serving, handler = std::move(handler)](
          const CallContext& caller, const Request& request, rpc::Done<Response> done) {
        // The request is gone when this returns.
        const absl::Status queued =
            threads.Submit([&serving, handler, caller, request, done]() -> void {
              if (serving.clock().Now() >= caller.deadline) {
                return done(absl::DeadlineExceededError("the deadline has passed"));
              }
              absl::StatusOr<Response> answer = absl::UnknownError("not run");
              const absl::Status status = serving.Guard(caller, [&] {
                answer = handler(caller, request);
                return answer.status();
              });
              status.ok() ? done(std::move(answer)) : done(status);
            });
        if (!queued.ok()) done(queued);
      });
}

}  // namespace

v1::Tokens AuthService::ToProto(const SignedIn& signed_in) const {
  v1::Tokens tokens;
  tokens.set_access_token(signed_in.access.text);
  SetTime(signed_in.access.expires_at, *tokens.mutable_access_token_expire_time());
  tokens.set_refresh_token(signed_in.refresh_token);
  SetTime(signed_in.session_expires_at, *tokens.mutable_session_expire_time());
  tokens.mutable_expires_in()->set_seconds(
      absl::ToInt64Seconds(signed_in.access.expires_at - serving_.clock().Now()));
  tokens.set_tenant_id(signed_in.tenant.ToString());
  tokens.set_user_id(signed_in.user.ToString());
  return tokens;
}

grpc::ServerUnaryReactor* AuthService::Login(grpc::CallbackServerContext* context,
                                             const v1::LoginRequest* request,
                                             v1::LoginResponse* response) {
  return ServeOn(
      passwords_, serving_, context, "/penstock.tenancy.v1.AuthService/Login", request, response,
      [this, peer = PeerKey(context->peer())](
          const CallContext& caller,
          const v1::LoginRequest& request) -> absl::StatusOr<v1::LoginResponse> {
        ASSIGN_OR_RETURN(const SignedIn signed_in,
                         SignIn(context_, caller,
                                {request.tenant(), request.email(), request.password(), peer}));
        v1::LoginResponse response;
        *response.mutable_tokens() = ToProto(signed_in);
        return response;
      });
}

grpc::ServerUnaryReactor* AuthService::ChangePassword(grpc::CallbackServerContext* context,
                                                      const v1::ChangePasswordRequest* request,
                                                      v1::ChangePasswordResponse* response) {
  return ServeOn(
      passwords_, serving_, context, "/penstock.tenancy.v1.AuthService/ChangePassword", request,
      response,
      [this, peer = PeerKey(context->peer())](
          const CallContext& caller,
          const v1::ChangePasswordRequest& request) -> absl::StatusOr<v1::ChangePasswordResponse> {
        ASSIGN_OR_RETURN(const SignedIn signed_in,
                         interfaces::ChangePassword(
                             context_, caller,
                             {request.tenant(), request.email(), request.current_password(), peer},
                             request.new_password()));
        v1::ChangePasswordResponse response;
        *response.mutable_tokens() = ToProto(signed_in);
        return response;
      });
}

grpc::ServerUnaryReactor* AuthService::Refresh(grpc::CallbackServerContext* context,
                                               const v1::RefreshRequest* request,
                                               v1::RefreshResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.AuthService/Refresh", request, response,
      [this](const CallContext& caller,
             const v1::RefreshRequest& request) -> absl::StatusOr<v1::RefreshResponse> {
        ASSIGN_OR_RETURN(
            const SignedIn signed_in,
            RefreshSession(context_, caller, request.refresh_token(), request.request_id()));
        v1::RefreshResponse response;
        *response.mutable_tokens() = ToProto(signed_in);
        return response;
      });
}

grpc::ServerUnaryReactor* AuthService::Logout(grpc::CallbackServerContext* context,
                                              const v1::LogoutRequest* request,
                                              v1::LogoutResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.AuthService/Logout", request, response,
      [this](const CallContext& caller,
             const v1::LogoutRequest& request) -> absl::StatusOr<v1::LogoutResponse> {
        RETURN_IF_ERROR(EndSession(context_.identity, caller, request.refresh_token()));
        return v1::LogoutResponse();
      });
}

grpc::ServerUnaryReactor* AuthService::GetJwks(grpc::CallbackServerContext* context,
                                               const v1::GetJwksRequest* request,
                                               v1::Jwks* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.AuthService/GetJwks", request, response,
      [this](const CallContext&, const v1::GetJwksRequest&) -> absl::StatusOr<v1::Jwks> {
        const std::shared_ptr<const auth::VerificationKeys> keys = keys_.verification();
        v1::Jwks jwks;
        for (const auto& [kid, key] : *keys) {
          v1::Jwk& jwk = *jwks.add_keys();
          jwk.set_kid(kid);
          jwk.set_kty("OKP");
          jwk.set_crv("Ed25519");
          jwk.set_x(crypto::Base64UrlEncode(key.bytes()));
          jwk.set_use("sig");
          jwk.set_alg("EdDSA");
        }
        return jwks;
      });
}

}  // namespace penstock::interfaces
