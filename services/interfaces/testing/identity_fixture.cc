#include "services/interfaces/testing/identity_fixture.h"

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "libs/testing/check.h"

namespace penstock::interfaces::testing {

using penstock::testing::Check;

IdentityFixture::IdentityFixture() {
  Restart();
  owner = AddApiKey(acme, penstock::auth::Role::kOwner);
}

void IdentityFixture::Restart() {
  Start();
  const auto channel = grpc::CreateChannel(fmt::format("127.0.0.1:{}", app->grpc_port()),
                                           grpc::InsecureChannelCredentials());
  auth = v1::AuthService::NewStub(channel);
  users = v1::UserService::NewStub(channel);
  projects = v1::ProjectService::NewStub(channel);
  keys = v1::ApiKeyService::NewStub(channel);
  tenants = v1::TenantService::NewStub(channel);
  audit = v1::AuditService::NewStub(channel);
}

absl::StatusOr<v1::CreateUserResponse> IdentityFixture::CreateUser(const std::string& email,
                                                                   v1::Role role,
                                                                   const std::string& credential) {
  v1::CreateUserRequest request;
  request.mutable_user()->set_email(email);
  request.mutable_user()->set_first_name("Ada");
  request.mutable_user()->add_roles(role);
  return Call(&v1::UserService::Stub::CreateUser, *users, request, credential);
}

absl::StatusOr<v1::Tokens> IdentityFixture::Login(const std::string& email,
                                                  const std::string& password,
                                                  const std::string& tenant) {
  v1::LoginRequest request;
  request.set_tenant(tenant);
  request.set_email(email);
  request.set_password(password);
  ASSIGN_OR_RETURN(const v1::LoginResponse response,
                   Call(&v1::AuthService::Stub::Login, *auth, request, ""));
  return response.tokens();
}

absl::StatusOr<v1::Tokens> IdentityFixture::ChangePassword(const std::string& email,
                                                           const std::string& current,
                                                           const std::string& chosen) {
  v1::ChangePasswordRequest request;
  request.set_tenant("acme");
  request.set_email(email);
  request.set_current_password(current);
  request.set_new_password(chosen);
  ASSIGN_OR_RETURN(const v1::ChangePasswordResponse response,
                   Call(&v1::AuthService::Stub::ChangePassword, *auth, request, ""));
  return response.tokens();
}

absl::StatusOr<v1::Tokens> IdentityFixture::Refresh(const std::string& token,
                                                    const std::string& request_id) {
  v1::RefreshRequest request;
  request.set_refresh_token(token);
  request.set_request_id(request_id);
  ASSIGN_OR_RETURN(const v1::RefreshResponse response,
                   Call(&v1::AuthService::Stub::Refresh, *auth, request, ""));
  return response.tokens();
}

absl::Status IdentityFixture::Logout(const std::string& token) {
  v1::LogoutRequest request;
  request.set_refresh_token(token);
  return Call(&v1::AuthService::Stub::Logout, *auth, request, "").status();
}

v1::Tokens IdentityFixture::AddPerson(const std::string& email, v1::Role role) {
  const v1::CreateUserResponse created = Check(CreateUser(email, role, owner), "create a user");
  return Check(ChangePassword(email, created.temporary_password(), kPassword), "choose a password");
}

std::vector<std::string> IdentityFixture::AuditLog() {
  v1::ListAuditEventsRequest request;
  request.set_page_size(200);
  const v1::ListAuditEventsResponse page =
      Check(Call(&v1::AuditService::Stub::ListAuditEvents, *audit, request, owner), "audit log");
  std::vector<std::string> events;
  for (const v1::AuditEvent& event : page.audit_events()) {
    events.push_back(
        fmt::format("{} {}/{}", event.action(), event.resource_type(), event.resource_id()));
  }
  return events;
}

}  // namespace penstock::interfaces::testing
