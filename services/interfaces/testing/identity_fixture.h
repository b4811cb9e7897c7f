// interfaces-service on a real database, as seen by people and keys of two tenants.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "grpcpp/grpcpp.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "penstock/tenancy/v1/api_key.grpc.pb.h"
#include "penstock/tenancy/v1/audit.grpc.pb.h"
#include "penstock/tenancy/v1/auth.grpc.pb.h"
#include "penstock/tenancy/v1/project.grpc.pb.h"
#include "penstock/tenancy/v1/tenant.grpc.pb.h"
#include "penstock/tenancy/v1/user.grpc.pb.h"
#include "services/interfaces/testing/service_fixture.h"

namespace penstock::interfaces::testing {

namespace v1 = tenancy::v1;

inline constexpr char kPassword[] = "correct horse battery";

class IdentityFixture : public ServiceFixture {
 public:
  // Started, with an owner's key of the tenant "acme".
  IdentityFixture();

  // Starts the service again, with what was changed in `config`.
  void Restart();

  // One call with `credential` (a key or a token), or none when empty.
  template <typename Response, typename Stub, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Stub& stub, const Request& request, const std::string& credential) {
    grpc::ClientContext context;
    if (!credential.empty()) {
      rpc::PrepareCall(context, credential, absl::Now() + absl::Seconds(30));
    }
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  // A user with a temporary password.
  absl::StatusOr<v1::CreateUserResponse> CreateUser(const std::string& email, v1::Role role,
                                                    const std::string& credential);
  absl::StatusOr<v1::Tokens> Login(const std::string& email, const std::string& password,
                                   const std::string& tenant = "acme");
  absl::StatusOr<v1::Tokens> ChangePassword(const std::string& email, const std::string& current,
                                            const std::string& chosen);
  absl::StatusOr<v1::Tokens> Refresh(const std::string& token, const std::string& request_id = "");
  absl::Status Logout(const std::string& token);
  // A user who has chosen kPassword, signed in.
  v1::Tokens AddPerson(const std::string& email, v1::Role role);

  // The tenant's audit log, newest first, as "action resource_type/resource_id".
  std::vector<std::string> AuditLog();

  std::unique_ptr<v1::AuthService::Stub> auth;
  std::unique_ptr<v1::UserService::Stub> users;
  std::unique_ptr<v1::ProjectService::Stub> projects;
  std::unique_ptr<v1::ApiKeyService::Stub> keys;
  std::unique_ptr<v1::TenantService::Stub> tenants;
  std::unique_ptr<v1::AuditService::Stub> audit;
  std::string owner;  // a key
};

}  // namespace penstock::interfaces::testing
