#include "services/interfaces/rpc/convert_company.h"

#include <string_view>
#include <utility>

#include "libs/json/proto_json.h"
#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;

constexpr std::string_view kChangeable[] = {"name", "properties"};

}  // namespace

absl::StatusOr<NewCompany> FromProto(const auth::CallContext& caller,
                                     const v1::CreateCompanyRequest& request) {
  const v1::Company& company = request.company();
  RETURN_IF_ERROR(CheckTenantId(caller, company.tenant_id(), "company.tenant_id"));
  if (company.is_default()) {
    return InvalidField("company.is_default", "is set by SetDefaultCompany");
  }
  ASSIGN_OR_RETURN(std::string properties, json::FromProto(company.properties()));
  return NewCompany{company.name(), std::move(properties), request.request_id()};
}

absl::StatusOr<CompanyChange> FromProto(const auth::CallContext& caller,
                                        const v1::UpdateCompanyRequest& request) {
  const v1::Company& company = request.company();
  RETURN_IF_ERROR(CheckTenantId(caller, company.tenant_id(), "company.tenant_id"));
  CompanyChange change;
  ASSIGN_OR_RETURN(change.id, ParseId<CompanyId>(company.id(), "company.id"));
  FieldNames set;
  if (!company.name().empty()) set.insert("name");
  if (company.properties().fields_size() > 0) set.insert("properties");
  ASSIGN_OR_RETURN(const FieldNames fields,
                   FieldsToChange(request.update_mask(), kChangeable, std::move(set)));
  if (fields.contains("name")) change.name = company.name();
  if (fields.contains("properties")) {
    ASSIGN_OR_RETURN(change.properties, json::FromProto(company.properties()));
  }
  return change;
}

absl::StatusOr<v1::Company> ToProto(const Company& company) {
  v1::Company proto;
  proto.set_id(company.id.ToString());
  proto.set_tenant_id(company.tenant.ToString());
  proto.set_name(company.name);
  proto.set_is_default(company.is_default);
  SetTime(company.created_at, *proto.mutable_create_time());
  SetTime(company.updated_at, *proto.mutable_update_time());
  if (!json::ToProto(company.properties, *proto.mutable_properties()).ok()) {
    return absl::InternalError("stored properties can't be read");
  }
  return proto;
}

absl::StatusOr<v1::ListCompaniesResponse> ToProto(const paging::Page<Company>& page) {
  v1::ListCompaniesResponse proto;
  for (const Company& company : page.items) {
    ASSIGN_OR_RETURN(*proto.add_companies(), ToProto(company));
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::interfaces
