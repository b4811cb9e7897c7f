#include "services/interfaces/rpc/company_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_company.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* CompanyService::CreateCompany(grpc::CallbackServerContext* context,
                                                        const v1::CreateCompanyRequest* request,
                                                        v1::Company* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.CompanyService/CreateCompany", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::CreateCompanyRequest& request) -> absl::StatusOr<v1::Company> {
                      ASSIGN_OR_RETURN(const NewCompany company, FromProto(caller, request));
                      ASSIGN_OR_RETURN(const Company created,
                                       interfaces::CreateCompany(context_, caller, company));
                      return ToProto(created);
                    });
}

grpc::ServerUnaryReactor* CompanyService::GetCompany(grpc::CallbackServerContext* context,
                                                     const v1::GetCompanyRequest* request,
                                                     v1::Company* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.CompanyService/GetCompany", request, response,
      [this](const CallContext& caller,
             const v1::GetCompanyRequest& request) -> absl::StatusOr<v1::Company> {
        ASSIGN_OR_RETURN(const CompanyId id, ParseId<CompanyId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const Company company, interfaces::GetCompany(context_, caller, id));
        return ToProto(company);
      });
}

grpc::ServerUnaryReactor* CompanyService::ListCompanies(grpc::CallbackServerContext* context,
                                                        const v1::ListCompaniesRequest* request,
                                                        v1::ListCompaniesResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.CompanyService/ListCompanies", request, response,
      [this](const CallContext& caller,
             const v1::ListCompaniesRequest& request) -> absl::StatusOr<v1::ListCompaniesResponse> {
        ASSIGN_OR_RETURN(
            const auto page,
            interfaces::ListCompanies(context_, caller, request.page_size(), request.page_token()));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* CompanyService::UpdateCompany(grpc::CallbackServerContext* context,
                                                        const v1::UpdateCompanyRequest* request,
                                                        v1::Company* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.CompanyService/UpdateCompany", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::UpdateCompanyRequest& request) -> absl::StatusOr<v1::Company> {
                      ASSIGN_OR_RETURN(const CompanyChange change, FromProto(caller, request));
                      ASSIGN_OR_RETURN(const Company company,
                                       interfaces::UpdateCompany(context_, caller, change));
                      return ToProto(company);
                    });
}

grpc::ServerUnaryReactor* CompanyService::SetDefaultCompany(
    grpc::CallbackServerContext* context, const v1::SetDefaultCompanyRequest* request,
    v1::Company* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.CompanyService/SetDefaultCompany", request, response,
      [this](const CallContext& caller,
             const v1::SetDefaultCompanyRequest& request) -> absl::StatusOr<v1::Company> {
        ASSIGN_OR_RETURN(const CompanyId id, ParseId<CompanyId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const Company company,
                         interfaces::SetDefaultCompany(context_, caller, id));
        return ToProto(company);
      });
}

grpc::ServerUnaryReactor* CompanyService::DeleteCompany(grpc::CallbackServerContext* context,
                                                        const v1::DeleteCompanyRequest* request,
                                                        v1::DeleteCompanyResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.CompanyService/DeleteCompany", request, response,
      [this](const CallContext& caller,
             const v1::DeleteCompanyRequest& request) -> absl::StatusOr<v1::DeleteCompanyResponse> {
        ASSIGN_OR_RETURN(const CompanyId id, ParseId<CompanyId>(request.id(), "id"));
        RETURN_IF_ERROR(interfaces::DeleteCompany(context_, caller, id));
        return v1::DeleteCompanyResponse();
      });
}

}  // namespace penstock::interfaces
