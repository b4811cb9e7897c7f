// CompanyService over gRPC on a real database.
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "penstock/tenancy/v1/company.grpc.pb.h"
#include "services/interfaces/testing/identity_fixture.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;
using penstock::testing::Check;
using testing::IdentityFixture;

struct Service : IdentityFixture {
  Service() : other(AddApiKey(slow, auth::Role::kOwner)) {
    companies = v1::CompanyService::NewStub(grpc::CreateChannel(
        fmt::format("127.0.0.1:{}", app->grpc_port()), grpc::InsecureChannelCredentials()));
  }

  absl::StatusOr<v1::Company> Create(const std::string& name, const std::string& credential, const std::string& request_id = "") {
    v1::CreateCompanyRequest request;
    request.mutable_company()->set_name(name);
    (*request.mutable_company()->mutable_properties()->mutable_fields())["vat"].set_string_value("AT1");
    request.set_request_id(request_id);
    return Call(&v1::CompanyService::Stub::CreateCompany, *companies, request, credential);
  }
  absl::StatusOr<v1::Company> Get(const std::string& id, const std::string& credential) {
    v1::GetCompanyRequest request;
    request.set_id(id);
    return Call(&v1::CompanyService::Stub::GetCompany, *companies, request, credential);
  }
  absl::StatusOr<v1::ListCompaniesResponse> List(const std::string& credential, int size = 0, const std::string& token = "") {
    v1::ListCompaniesRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return Call(&v1::CompanyService::Stub::ListCompanies, *companies, request, credential);
  }
  absl::StatusOr<v1::Company> Update(const v1::Company& company, std::vector<std::string> mask, const std::string& credential) {
    v1::UpdateCompanyRequest request;
    *request.mutable_company() = company;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return Call(&v1::CompanyService::Stub::UpdateCompany, *companies, request, credential);
  }
  absl::StatusOr<v1::Company> SetDefault(const std::string& id, const std::string& credential) {
    v1::SetDefaultCompanyRequest request;
    request.set_id(id);
    return Call(&v1::CompanyService::Stub::SetDefaultCompany, *companies, request, credential);
  }
  absl::Status Delete(const std::string& id, const std::string& credential) {
    v1::DeleteCompanyRequest request;
    request.set_id(id);
    return Call(&v1::CompanyService::Stub::DeleteCompany, *companies, request, credential).status();
  }
  // The companies that are the default: one, or none of none.
  int Defaults() {
    const v1::ListCompaniesResponse all = Check(List(owner, 200), "list");
    int defaults = 0;
    for (const v1::Company& company : all.companies()) defaults += company.is_default();
    return defaults;
  }

  std::unique_ptr<v1::CompanyService::Stub> companies;
  std::string other;
};

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

TEST_CASE_METHOD(Service, "a company is made, changed, listed and deleted by its tenant only") {
  v1::Company company = Check(Create("Acme", owner), "create");
  CHECK(company.tenant_id() == acme.ToString());
  CHECK(company.properties().fields().at("vat").string_value() == "AT1");
  CHECK(Check(Get(company.id(), owner), "call").name() == "Acme");
  CHECK(absl::IsNotFound(Get(company.id(), other).status()));
  CHECK(absl::IsNotFound(SetDefault(company.id(), other).status()));
  CHECK(absl::IsNotFound(Delete(company.id(), other)));
  CHECK(Check(List(other), "call").total_size() == 0);
  company.set_name("Acme Ltd");
  CHECK(Fields(Update(company, {}, other).status()) == std::set<std::string>{"company.tenant_id"});
  company.clear_tenant_id();
  CHECK(absl::IsNotFound(Update(company, {}, other).status()));
  const v1::Company renamed = Check(Update(company, {"name"}, owner), "rename");
  CHECK(renamed.name() == "Acme Ltd");
  CHECK(renamed.properties().fields_size() == 1);
  company.clear_properties();
  CHECK(Check(Update(company, {"properties"}, owner), "call").properties().fields_size() == 0);
  CHECK(Delete(company.id(), owner).ok());
  CHECK(absl::IsNotFound(Get(company.id(), owner).status()));
  CHECK(AuditLog() == std::vector<std::string>{"company.deleted company/" + company.id(), "company.updated company/" + company.id(),
                                               "company.updated company/" + company.id(), "company.created company/" + company.id()});
}

TEST_CASE_METHOD(Service, "wrong fields are named") {
  CHECK(Fields(Create("", owner).status()) == std::set<std::string>{"company.name"});
  CHECK(Fields(Create(std::string(256, 'x'), owner, std::string(256, 'r')).status()) == std::set<std::string>{"company.name", "request_id"});
  const v1::Company company = Check(Create("Acme", owner), "create");
  v1::Company change;
  change.set_id(company.id());
  CHECK(Fields(Update(change, {"is_default"}, owner).status()) == std::set<std::string>{"update_mask"});
  (*change.mutable_properties()->mutable_fields())["big"].set_string_value(std::string(40'000, 'x'));
  CHECK(Fields(Update(change, {}, owner).status()) == std::set<std::string>{"company.properties"});
  change.set_id("x");
  CHECK(Fields(Update(change, {}, owner).status()) == std::set<std::string>{"company.id"});
}

TEST_CASE_METHOD(Service, "one company is the default one: the first, until another is made it") {
  const v1::Company first = Check(Create("first", owner), "create");
  const v1::Company second = Check(Create("second", owner), "create");
  CHECK(first.is_default());
  CHECK_FALSE(second.is_default());
  CHECK(ReasonOf(Delete(first.id(), owner)) == "DEFAULT_COMPANY");
  CHECK(Check(SetDefault(second.id(), owner), "call").is_default());
  CHECK(Check(SetDefault(second.id(), owner), "call").is_default());
  CHECK_FALSE(Check(Get(first.id(), owner), "call").is_default());
  CHECK(Defaults() == 1);
  CHECK(Delete(first.id(), owner).ok());
  // The last one may go with its being the default, and the next first one has it again.
  CHECK(Delete(second.id(), owner).ok());
  CHECK(Check(Create("third", owner), "call").is_default());
}

TEST_CASE_METHOD(Service, "of many made at once one is the default, and of one request id there is one") {
  std::vector<std::thread> callers;
  std::vector<absl::StatusOr<v1::Company>> answers(8, absl::UnknownError("not asked"));
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] { answers[i] = Create("same", owner, "the same order"); });
    callers.emplace_back([&, i] { CHECK(Create(fmt::format("other {}", i), owner).ok()); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& answer : answers) CHECK(Check(answer, "create").id() == answers[0]->id());
  CHECK(Check(List(owner), "call").total_size() == 9);
  CHECK(Defaults() == 1);
}

TEST_CASE_METHOD(Service, "a request id stands for one company of one tenant") {
  const v1::Company company = Check(Create("Acme", owner, "order-1"), "create");
  CHECK(Check(Create("Acme", owner, "order-1"), "call").id() == company.id());
  const absl::Status reused = Create("Another", owner, "order-1").status();
  CHECK(absl::IsAlreadyExists(reused));
  CHECK(ReasonOf(reused) == "REQUEST_ID_REUSED");
  CHECK(Check(Create("Acme", other, "order-1"), "call").id() != company.id());
  CHECK(AuditLog().size() == 1);
}

TEST_CASE_METHOD(Service, "companies are listed newest first, page by page") {
  for (int i = 0; i < 5; ++i) Check(Create(fmt::format("company {}", i), owner), "create");
  std::vector<std::string> names;
  std::string token;
  do {
    const v1::ListCompaniesResponse page = Check(List(owner, 2, token), "list");
    CHECK(page.total_size() == 5);
    for (const v1::Company& company : page.companies()) names.push_back(company.name());
    token = page.next_page_token();
  } while (!token.empty());
  CHECK(names == std::vector<std::string>{"company 4", "company 3", "company 2", "company 1", "company 0"});
}

}  // namespace
}  // namespace penstock::interfaces
