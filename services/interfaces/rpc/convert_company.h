// Companies on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "penstock/tenancy/v1/company.pb.h"
#include "services/interfaces/ops/companies.h"

namespace penstock::interfaces {

absl::StatusOr<NewCompany> FromProto(const auth::CallContext& caller,
                                     const tenancy::v1::CreateCompanyRequest& request);
absl::StatusOr<CompanyChange> FromProto(const auth::CallContext& caller,
                                        const tenancy::v1::UpdateCompanyRequest& request);

absl::StatusOr<tenancy::v1::Company> ToProto(const Company& company);
absl::StatusOr<tenancy::v1::ListCompaniesResponse> ToProto(const paging::Page<Company>& page);

}  // namespace penstock::interfaces
