#include "tests/e2e/people.h"

#include "libs/status/macros.h"

namespace penstock::e2e {

namespace v1 = tenancy::v1;

People::People(Clients& owner)
    : owner_(owner),
      auth_(v1::AuthService::NewStub(owner.interfaces_channel())),
      users_(v1::UserService::NewStub(owner.interfaces_channel())),
      projects_(v1::ProjectService::NewStub(owner.interfaces_channel())),
      companies_(v1::CompanyService::NewStub(owner.interfaces_channel())),
      keys_(v1::ApiKeyService::NewStub(owner.interfaces_channel())),
      tenants_(v1::TenantService::NewStub(owner.interfaces_channel())) {}

absl::StatusOr<v1::Tenant> People::GetTenant() {
  return owner_.Call(&v1::TenantService::Stub::GetTenant, *tenants_, v1::GetTenantRequest());
}

absl::StatusOr<v1::CreateUserResponse> People::Create(const std::string& email, v1::Role role) {
  v1::CreateUserRequest request;
  request.mutable_user()->set_email(email);
  request.mutable_user()->add_roles(role);
  return owner_.Call(&v1::UserService::Stub::CreateUser, *users_, request);
}

absl::StatusOr<v1::Project> People::CreateProject(const std::string& name) {
  v1::CreateProjectRequest request;
  request.mutable_project()->set_name(name);
  return owner_.Call(&v1::ProjectService::Stub::CreateProject, *projects_, request);
}

absl::StatusOr<v1::Company> People::CreateCompany(const std::string& name) {
  v1::CreateCompanyRequest request;
  request.mutable_company()->set_name(name);
  return owner_.Call(&v1::CompanyService::Stub::CreateCompany, *companies_, request);
}

absl::StatusOr<v1::CreateApiKeyResponse> People::CreateKey(const std::string& name, v1::Role role,
                                                           const std::string& project) {
  v1::CreateApiKeyRequest request;
  request.mutable_api_key()->set_name(name);
  request.mutable_api_key()->set_role(role);
  request.mutable_api_key()->set_project_id(project);
  return owner_.Call(&v1::ApiKeyService::Stub::CreateApiKey, *keys_, request);
}

absl::StatusOr<v1::Tokens> People::ChangePassword(const std::string& tenant,
                                                  const std::string& email,
                                                  const std::string& current,
                                                  const std::string& chosen) {
  v1::ChangePasswordRequest request;
  request.set_tenant(tenant);
  request.set_email(email);
  request.set_current_password(current);
  request.set_new_password(chosen);
  ASSIGN_OR_RETURN(const v1::ChangePasswordResponse response,
                   owner_.Call(&v1::AuthService::Stub::ChangePassword, *auth_, request));
  return response.tokens();
}

absl::StatusOr<v1::Tokens> People::Login(const std::string& tenant, const std::string& email,
                                         const std::string& password) {
  v1::LoginRequest request;
  request.set_tenant(tenant);
  request.set_email(email);
  request.set_password(password);
  ASSIGN_OR_RETURN(const v1::LoginResponse response,
                   owner_.Call(&v1::AuthService::Stub::Login, *auth_, request));
  return response.tokens();
}

absl::StatusOr<v1::Tokens> People::Refresh(const std::string& token) {
  v1::RefreshRequest request;
  request.set_refresh_token(token);
  ASSIGN_OR_RETURN(const v1::RefreshResponse response,
                   owner_.Call(&v1::AuthService::Stub::Refresh, *auth_, request));
  return response.tokens();
}

absl::StatusOr<v1::Tokens> People::SignUp(const std::string& tenant, const std::string& email,
                                          v1::Role role, const std::string& password) {
  ASSIGN_OR_RETURN(const v1::CreateUserResponse created, Create(email, role));
  return ChangePassword(tenant, email, created.temporary_password(), password);
}

}  // namespace penstock::e2e
