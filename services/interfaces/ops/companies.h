// What can be asked about companies. They concern the whole tenant, so a key that is limited to a
// project sees none.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/companies.h"

namespace penstock::interfaces {

struct NewCompany {
  std::string name = {};
  std::string properties = "{}";  // a JSON object
  std::string request_id = {};
};

struct CompanyChange {
  CompanyId id = {};
  std::optional<std::string> name = {}, properties = {};
};

// The first company becomes the default. A repeated request id returns the company it made;
// ALREADY_EXISTS (REQUEST_ID_REUSED) when it asks for something else.
absl::StatusOr<Company> CreateCompany(const IdentityContext& context,
                                      const auth::CallContext& caller, const NewCompany& company);
absl::StatusOr<Company> GetCompany(const IdentityContext& context, const auth::CallContext& caller,
                                   CompanyId id);
absl::StatusOr<paging::Page<Company>> ListCompanies(const IdentityContext& context,
                                                    const auth::CallContext& caller,
                                                    int32_t page_size,
                                                    const std::string& page_token);
absl::StatusOr<Company> UpdateCompany(const IdentityContext& context,
                                      const auth::CallContext& caller, const CompanyChange& change);
absl::StatusOr<Company> SetDefaultCompany(const IdentityContext& context,
                                          const auth::CallContext& caller, CompanyId id);
// FAILED_PRECONDITION (DEFAULT_COMPANY) for the default one while there are others.
absl::Status DeleteCompany(const IdentityContext& context, const auth::CallContext& caller,
                           CompanyId id);

}  // namespace penstock::interfaces
