// Companies of a tenant, and which of them it is itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/interfaces/storage/projects.h"

namespace penstock::interfaces {

using CompanyId = TypedId<struct CompanyTag>;

struct Company {
  CompanyId id = {};
  TenantId tenant = {};
  std::string name = {};
  std::string properties = "{}";  // a JSON object
  bool is_default = false;
  absl::Time created_at = {}, updated_at = {};
};

namespace storage {

// What tells a repeated call from another one; the id is empty for a call without one.
struct CompanyRequest {
  std::string id = {};
  std::string hash = {};  // 32 bytes
};

struct CompanyOfRequest {
  CompanyId company;
  std::string hash;
};

// Makes it one of the tenant's own, and the default if there is none. ALREADY_EXISTS names the
// constraint "companies_request_id_unique".
absl::Status InsertCompany(postgres::Connection& connection, const Company& company,
                           const CompanyRequest& request);
absl::StatusOr<std::optional<CompanyOfRequest>> FindCompanyByRequest(
    postgres::Connection& connection, TenantId tenant, const std::string& request_id);
// NOT_FOUND when the tenant has no such company.
absl::StatusOr<Company> LoadCompany(postgres::Connection& connection, TenantId tenant, CompanyId id,
                                    Lock lock);
absl::StatusOr<std::vector<Company>> ListCompanies(postgres::Connection& connection,
                                                   TenantId tenant, std::optional<CompanyId> before,
                                                   int limit);
absl::StatusOr<int64_t> CountCompanies(postgres::Connection& connection, TenantId tenant);
absl::Status UpdateCompany(postgres::Connection& connection, const Company& company);
// The caller holds LockPeople: of two at once one would find the other's default.
absl::Status SetDefaultCompany(postgres::Connection& connection, TenantId tenant, CompanyId id);
absl::Status DeleteCompany(postgres::Connection& connection, TenantId tenant, CompanyId id);

}  // namespace storage
}  // namespace penstock::interfaces
