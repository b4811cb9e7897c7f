// penstock.tenancy.v1.CompanyService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/company.grpc.pb.h"
#include "services/interfaces/ops/identity.h"

namespace penstock::interfaces {

class CompanyService final : public tenancy::v1::CompanyService::CallbackService {
 public:
  // Both outlive the service.
  CompanyService(rpc::Serving& serving, const IdentityContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateCompany(grpc::CallbackServerContext* context,
                                          const tenancy::v1::CreateCompanyRequest* request,
                                          tenancy::v1::Company* response) override;
  grpc::ServerUnaryReactor* GetCompany(grpc::CallbackServerContext* context,
                                       const tenancy::v1::GetCompanyRequest* request,
                                       tenancy::v1::Company* response) override;
  grpc::ServerUnaryReactor* ListCompanies(grpc::CallbackServerContext* context,
                                          const tenancy::v1::ListCompaniesRequest* request,
                                          tenancy::v1::ListCompaniesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateCompany(grpc::CallbackServerContext* context,
                                          const tenancy::v1::UpdateCompanyRequest* request,
                                          tenancy::v1::Company* response) override;
  grpc::ServerUnaryReactor* SetDefaultCompany(grpc::CallbackServerContext* context,
                                              const tenancy::v1::SetDefaultCompanyRequest* request,
                                              tenancy::v1::Company* response) override;
  grpc::ServerUnaryReactor* DeleteCompany(grpc::CallbackServerContext* context,
                                          const tenancy::v1::DeleteCompanyRequest* request,
                                          tenancy::v1::DeleteCompanyResponse* response) override;

 private:
  rpc::Serving& serving_;
  const IdentityContext& context_;
};

}  // namespace penstock::interfaces
