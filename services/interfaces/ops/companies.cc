#include "services/interfaces/ops/companies.h"

#include <utility>
#include <vector>

#include "libs/crypto/hash.h"
#include "libs/paging/id_position.h"
#include "libs/request/caller.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/audit.h"
#include "services/interfaces/storage/users.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;

constexpr char kList[] = "companies";
constexpr size_t kMaxPropertiesBytes = 32 << 10;

absl::Status CheckCompany(const std::string& name, const std::string& properties,
                          const std::string& request_id = "") {
  std::vector<FieldViolation> wrong;
  CheckText(name, "company.name", {.min = 1, .max = 255}, wrong);
  if (properties.size() >= kMaxPropertiesBytes) {
    wrong.push_back({"company.properties", "must be smaller than 32 KiB"});
  }
  CheckText(request_id, "request_id", {.max = 255}, wrong);
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

absl::Status Audit(Connection& connection, const CallContext& caller, std::string_view action,
                   CompanyId id) {
  return storage::AppendAudit(
      connection, caller,
      {.action = action, .resource_type = "company", .resource_id = id.ToString()});
}

storage::CompanyRequest RequestOf(const NewCompany& company) {
  // The name's length keeps name and properties apart.
  const std::string asked =
      std::to_string(company.name.size()) + ":" + company.name + company.properties;
  return {company.request_id, crypto::Sha256(asked)};
}

// What an earlier call of this request id made, if there was one.
absl::StatusOr<std::optional<Company>> FindEarlier(Connection& connection,
                                                   const CallContext& caller,
                                                   const storage::CompanyRequest& request) {
  if (request.id.empty()) return std::optional<Company>();
  ASSIGN_OR_RETURN(const auto earlier,
                   storage::FindCompanyByRequest(connection, caller.tenant, request.id));
  if (!earlier) return std::optional<Company>();
  if (earlier->hash != request.hash) {
    return WithReason(absl::AlreadyExistsError("request_id was used to create another company"),
                      "REQUEST_ID_REUSED");
  }
  ASSIGN_OR_RETURN(Company company,
                   storage::LoadCompany(connection, caller.tenant, earlier->company, Lock::kNone));
  return std::optional<Company>(std::move(company));
}

}  // namespace

absl::StatusOr<Company> CreateCompany(const IdentityContext& context, const CallContext& caller,
                                      const NewCompany& company) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  RETURN_IF_ERROR(CheckCompany(company.name, company.properties, company.request_id));
  const storage::CompanyRequest request = RequestOf(company);
  const Company row{.id = CompanyId::Make(context.clock.Now()),
                    .tenant = caller.tenant,
                    .name = company.name,
                    .properties = company.properties};
  return RunInTransactionReturning<Company>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Company> {
        // Two first ones, and two of one request id, wait for each other.
        RETURN_IF_ERROR(storage::LockPeople(connection, caller.tenant));
        ASSIGN_OR_RETURN(std::optional<Company> earlier, FindEarlier(connection, caller, request));
        if (earlier) return *std::move(earlier);
        RETURN_IF_ERROR(storage::InsertCompany(connection, row, request));
        ASSIGN_OR_RETURN(Company created,
                         storage::LoadCompany(connection, caller.tenant, row.id, Lock::kNone));
        RETURN_IF_ERROR(Audit(connection, caller, "company.created", row.id));
        return created;
      });
}

absl::StatusOr<Company> GetCompany(const IdentityContext& context, const CallContext& caller,
                                   CompanyId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return RunInTransactionReturning<Company>(
      context.pool, ScopeOf(caller), [&](Connection& connection) {
        return storage::LoadCompany(connection, caller.tenant, id, Lock::kNone);
      });
}

absl::StatusOr<paging::Page<Company>> ListCompanies(const IdentityContext& context,
                                                    const CallContext& caller, int32_t page_size,
                                                    const std::string& page_token) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(page_token, kList));
  ASSIGN_OR_RETURN(const std::optional<CompanyId> before, paging::IdAt<CompanyId>(position));
  return RunInTransactionReturning<paging::Page<Company>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<Company>> {
        paging::Page<Company> page;
        ASSIGN_OR_RETURN(const int64_t total, storage::CountCompanies(connection, caller.tenant));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items,
                         storage::ListCompanies(connection, caller.tenant, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), kList);
        }
        return page;
      });
}

absl::StatusOr<Company> UpdateCompany(const IdentityContext& context, const CallContext& caller,
                                      const CompanyChange& change) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return RunInTransactionReturning<Company>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Company> {
        ASSIGN_OR_RETURN(Company company, storage::LoadCompany(connection, caller.tenant, change.id,
                                                               Lock::kForChange));
        if (change.name) company.name = *change.name;
        if (change.properties) company.properties = *change.properties;
        RETURN_IF_ERROR(CheckCompany(company.name, company.properties));
        RETURN_IF_ERROR(storage::UpdateCompany(connection, company));
        RETURN_IF_ERROR(Audit(connection, caller, "company.updated", change.id));
        return storage::LoadCompany(connection, caller.tenant, change.id, Lock::kNone);
      });
}

absl::StatusOr<Company> SetDefaultCompany(const IdentityContext& context, const CallContext& caller,
                                          CompanyId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return RunInTransactionReturning<Company>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Company> {
        RETURN_IF_ERROR(storage::LockPeople(connection, caller.tenant));
        ASSIGN_OR_RETURN(Company company,
                         storage::LoadCompany(connection, caller.tenant, id, Lock::kForChange));
        if (company.is_default) return company;
        RETURN_IF_ERROR(storage::SetDefaultCompany(connection, caller.tenant, id));
        RETURN_IF_ERROR(Audit(connection, caller, "company.made_default", id));
        return storage::LoadCompany(connection, caller.tenant, id, Lock::kNone);
      });
}

absl::Status DeleteCompany(const IdentityContext& context, const CallContext& caller,
                           CompanyId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        RETURN_IF_ERROR(storage::LockPeople(connection, caller.tenant));
        ASSIGN_OR_RETURN(const Company company,
                         storage::LoadCompany(connection, caller.tenant, id, Lock::kForChange));
        ASSIGN_OR_RETURN(const int64_t all, storage::CountCompanies(connection, caller.tenant));
        if (company.is_default && all > 1) {
          return WithReason(
              absl::FailedPreconditionError("make another company the default one first"),
              "DEFAULT_COMPANY");
        }
        RETURN_IF_ERROR(storage::DeleteCompany(connection, caller.tenant, id));
        return Audit(connection, caller, "company.deleted", id);
      });
}

}  // namespace penstock::interfaces
