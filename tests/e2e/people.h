// Identity as an owner of a tenant uses it.
#pragma once

#include <memory>
#include <string>

#include "penstock/tenancy/v1/api_key.grpc.pb.h"
#include "penstock/tenancy/v1/auth.grpc.pb.h"
#include "penstock/tenancy/v1/company.grpc.pb.h"
#include "penstock/tenancy/v1/overview.grpc.pb.h"
#include "penstock/tenancy/v1/project.grpc.pb.h"
#include "penstock/tenancy/v1/tenant.grpc.pb.h"
#include "penstock/tenancy/v1/user.grpc.pb.h"
#include "tests/e2e/workbench.h"

namespace penstock::e2e {

class People {
 public:
  // Calls with the key of `owner`, which outlives it.
  explicit People(Clients& owner);

  absl::StatusOr<tenancy::v1::Tenant> GetTenant();
  absl::StatusOr<tenancy::v1::CreateUserResponse> Create(const std::string& email,
                                                         tenancy::v1::Role role);
  absl::StatusOr<tenancy::v1::Project> CreateProject(const std::string& name);
  absl::StatusOr<tenancy::v1::Company> CreateCompany(const std::string& name);
  absl::StatusOr<tenancy::v1::CreateApiKeyResponse> CreateKey(const std::string& name,
                                                              tenancy::v1::Role role,
                                                              const std::string& project = "");
  absl::StatusOr<tenancy::v1::Tokens> ChangePassword(const std::string& tenant,
                                                     const std::string& email,
                                                     const std::string& current,
                                                     const std::string& chosen);
  absl::StatusOr<tenancy::v1::Tokens> Login(const std::string& tenant, const std::string& email,
                                            const std::string& password);
  absl::StatusOr<tenancy::v1::Tokens> Refresh(const std::string& token);
  // A user who has chosen a password, signed in.
  absl::StatusOr<tenancy::v1::Tokens> SignUp(const std::string& tenant, const std::string& email,
                                             tenancy::v1::Role role,
                                             const std::string& password = "a password to test");

 private:
  Clients& owner_;
  std::unique_ptr<tenancy::v1::AuthService::Stub> auth_;
  std::unique_ptr<tenancy::v1::UserService::Stub> users_;
  std::unique_ptr<tenancy::v1::ProjectService::Stub> projects_;
  std::unique_ptr<tenancy::v1::CompanyService::Stub> companies_;
  std::unique_ptr<tenancy::v1::ApiKeyService::Stub> keys_;
  std::unique_ptr<tenancy::v1::TenantService::Stub> tenants_;
};

}  // namespace penstock::e2e
