#include "services/interfaces/storage/companies.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

Company ReadRow(const Result& rows, int r) {
  return {.id = rows.Get<CompanyId>(r, 0),
          .tenant = rows.Get<TenantId>(r, 1),
          .name = rows.Get<std::string>(r, 2),
          .properties = rows.Get<std::string>(r, 3),
          .is_default = rows.Get<bool>(r, 4),
          .created_at = rows.Get<absl::Time>(r, 5),
          .updated_at = rows.Get<absl::Time>(r, 6)};
}

}  // namespace

absl::Status InsertCompany(Connection& connection, const Company& company,
                           const CompanyRequest& request) {
  std::optional<postgres::Bytes> hash;
  if (!request.id.empty()) hash = postgres::Bytes{request.hash};
  RETURN_IF_ERROR(connection
                      .Execute(kInsertCompany, Params()
                                                   .Add(company.tenant)
                                                   .Add(company.id)
                                                   .Add(company.name)
                                                   .Add(postgres::Jsonb{company.properties})
                                                   .Add(request.id)
                                                   .Add(hash))
                      .status());
  return connection.Execute(kInsertTenantCompany, Params().Add(company.tenant).Add(company.id))
      .status();
}

absl::StatusOr<std::optional<CompanyOfRequest>> FindCompanyByRequest(
    Connection& connection, TenantId tenant, const std::string& request_id) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kFindCompanyByRequest, Params().Add(tenant).Add(request_id)));
  if (rows.rows() == 0) return std::optional<CompanyOfRequest>();
  return std::optional<CompanyOfRequest>({rows.Get<CompanyId>(0, 0), rows.Get<std::string>(0, 1)});
}

absl::StatusOr<Company> LoadCompany(Connection& connection, TenantId tenant, CompanyId id,
                                    Lock lock) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(lock == Lock::kNone ? kLoadCompany : kLockCompany,
                                      Params().Add(tenant).Add(id)));
  if (rows.rows() == 0) return absl::NotFoundError(fmt::format("no company {}", id.ToString()));
  return ReadRow(rows, 0);
}

absl::StatusOr<std::vector<Company>> ListCompanies(Connection& connection, TenantId tenant,
                                                   std::optional<CompanyId> before, int limit) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(kListCompanies, Params().Add(tenant).Add(before).Add(int64_t{limit})));
  std::vector<Company> companies;
  for (int r = 0; r < rows.rows(); ++r) companies.push_back(ReadRow(rows, r));
  return companies;
}

absl::StatusOr<int64_t> CountCompanies(Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kCountCompanies, Params().Add(tenant)));
  return row.Get<int64_t>(0, 0);
}

absl::Status UpdateCompany(Connection& connection, const Company& company) {
  return connection
      .Execute(kUpdateCompany, Params()
                                   .Add(company.tenant)
                                   .Add(company.id)
                                   .Add(company.name)
                                   .Add(postgres::Jsonb{company.properties}))
      .status();
}

absl::Status SetDefaultCompany(Connection& connection, TenantId tenant, CompanyId id) {
  RETURN_IF_ERROR(connection.Execute(kClearDefaultCompany, Params().Add(tenant)).status());
  return connection.Execute(kPutDefaultCompany, Params().Add(tenant).Add(id)).status();
}

absl::Status DeleteCompany(Connection& connection, TenantId tenant, CompanyId id) {
  return connection.Execute(kDeleteCompany, Params().Add(tenant).Add(id)).status();
}

}  // namespace penstock::interfaces::storage
