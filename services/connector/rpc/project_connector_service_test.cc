// ProjectConnectorService over gRPC on a real database.
#include "services/connector/rpc/project_connector_service.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/grpcpp.h"
#include "libs/auth/authenticator.h"
#include "libs/auth/role_table.h"
#include "libs/clock/clock.h"
#include "libs/grpc/server.h"
#include "libs/grpc/status_conversion.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/testing/linked_projects.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::LinkedProjects;
using Stub = v1::ProjectConnectorService::Stub;

// The credential is "<tenant>" or "<tenant>/<project>".
class TrustingAuthenticator final : public auth::Authenticator {
 public:
  bool Recognizes(std::string_view) const override { return true; }
  absl::StatusOr<auth::CallContext> Authenticate(std::string_view credential,
                                                 absl::Time) const override {
    const size_t slash = credential.find('/');
    auth::CallContext caller;
    caller.tenant = TenantId::Parse(credential.substr(0, slash)).value();
    caller.role = auth::Role::kDeveloper;
    if (slash != std::string_view::npos) {
      caller.project = ProjectId::Parse(credential.substr(slash + 1));
    }
    return caller;
  }
  std::optional<absl::StatusOr<auth::CallContext>> TryAuthenticate(
      std::string_view) const override {
    return std::nullopt;
  }
};

struct Service : LinkedProjects {
  ~Service() {
    server->Drain(absl::Seconds(30));
    workers.Stop();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const std::string& json, const std::string& credential) {
    Request request;
    const auto parsed = google::protobuf::util::JsonStringToMessage(json, &request);
    if (!parsed.ok()) penstock::testing::Fail(json, std::string(parsed.message()));
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + credential);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    Response response;
    const grpc::Status status = (stub.get()->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }
  // From shop to billing, unless `chain` says otherwise.
  absl::StatusOr<v1::ProjectConnector> Create(const std::string& name, const std::string& more = "",
                                              const std::string& credential = "",
                                              const Chain* chain = nullptr) {
    const Chain& from = chain == nullptr ? shop_to_billing : *chain;
    return Call(&Stub::CreateProjectConnector,
                fmt::format(R"({{"projectConnector":{{"name":"{}","sourceProjectId":"{}",
                      "targetProjectId":"{}","targetServiceId":"{}","targetInterfaceId":"{}"{}}}}})",
                            name, from.source.ToString(), from.target.ToString(),
                            from.service.ToString(), from.interface.ToString(), more),
                credential.empty() ? us : credential);
  }
  absl::StatusOr<v1::ProjectConnector> Update(const std::string& id, const std::string& more,
                                              const std::string& mask = "",
                                              const std::string& credential = "") {
    return Call(
        &Stub::UpdateProjectConnector,
        fmt::format(R"({{"projectConnector":{{"id":"{}"{}}},"updateMask":"{}"}})", id, more, mask),
        credential.empty() ? us : credential);
  }
  absl::StatusOr<v1::ProjectConnector> Get(const std::string& id, const std::string& credential) {
    return Call(&Stub::GetProjectConnector, fmt::format(R"({{"id":"{}"}})", id), credential);
  }
  absl::Status Delete(const std::string& id, const std::string& credential) {
    return Call(&Stub::DeleteProjectConnector, fmt::format(R"({{"id":"{}"}})", id), credential)
        .status();
  }
  int Count(const std::string& json, const std::string& credential) {
    return Check(Call(&Stub::ListProjectConnectors, json, credential), "list").total_size();
  }

  const std::string us = tenant.tenant.ToString();
  const std::string them = stranger.tenant.ToString();
  const std::string of_shop = us + "/" + shop.ToString();
  const std::string of_billing = us + "/" + billing.ToString();
  RealClock clock;
  const ProjectConnectorContext context{*pool, clock};
  TrustingAuthenticator trusting;
  auth::BearerAuthenticator authenticator{{&trusting}};
  metrics::Registry registry;
  lifecycle::Readiness readiness{{"test"}};
  lifecycle::ThreadPool workers{{.name = "test", .threads = 4}};
  rpc::Serving serving{authenticator, auth::PenstockRoles(), workers, registry, clock};
  ProjectConnectorService links{serving, context};
  std::unique_ptr<rpc::Server> server =
      rpc::Server::Create({.address = "127.0.0.1:0"}, {&links}, readiness).value();
  std::unique_ptr<Stub> stub = v1::ProjectConnectorService::NewStub(grpc::CreateChannel(
      fmt::format("127.0.0.1:{}", server->port()), grpc::InsecureChannelCredentials()));
};

std::string FieldsOf(const absl::Status& status) {
  std::string fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields += violation.field + " ";
  return fields;
}

TEST_CASE_METHOD(Service, "a project connector is made, read, listed, changed and deleted") {
  const auto made = Check(Create("invoice"), "create");
  CHECK(made.display_name() == "invoice");
  CHECK(made.visibility() == v1::PROJECT_CONNECTOR_VISIBILITY_PRIVATE);
  CHECK(Check(Get(made.id(), us), "get").target_interface_id() ==
        shop_to_billing.interface.ToString());
  CHECK(Count("{}", us) == 1);
  CHECK(Count(R"({"visibility":"PROJECT_CONNECTOR_VISIBILITY_PUBLIC"})", us) == 0);
  CHECK(Count(fmt::format(R"({{"targetServiceId":"{}"}})", shop_to_billing.service.ToString()),
              us) == 1);
  CHECK(Check(Call(&Stub::GetProjectConnectorsBySourceProject,
                   fmt::format(R"({{"projectId":"{}"}})", shop.ToString()), us),
              "by source")
            .project_connectors_size() == 1);
  CHECK(Check(Call(&Stub::GetProjectConnectorsBySourceProject,
                   fmt::format(R"({{"projectId":"{}"}})", billing.ToString()), us),
              "by source")
            .project_connectors_size() == 0);
  CHECK(Check(Call(&Stub::GetProjectConnectorsByTargetProject,
                   fmt::format(R"({{"projectId":"{}"}})", billing.ToString()), us),
              "by target")
            .project_connectors(0)
            .id() == made.id());
  CHECK(absl::IsNotFound(Call(&Stub::GetProjectConnectorsByTargetProject,
                              fmt::format(R"({{"projectId":"{}"}})", Uuid().ToString()), us)
                             .status()));
  const auto changed = Check(
      Update(
          made.id(),
          R"(,"visibility":"PROJECT_CONNECTOR_VISIBILITY_ORGANIZATION","description":"For all.")",
          "visibility,description"),
      "update");
  CHECK(changed.visibility() == v1::PROJECT_CONNECTOR_VISIBILITY_ORGANIZATION);
  Check(Delete(made.id(), us), "delete");
  CHECK(absl::IsNotFound(Get(made.id(), us).status()));
  CHECK(CountRows("tenancy.audit_log WHERE resource_type = 'project_connector'") == 3);
}

TEST_CASE_METHOD(Service, "a name is unique in the source project") {
  Check(Create("invoice").status(), "create");
  const absl::Status taken = Create("invoice").status();
  CHECK(taken.code() == absl::StatusCode::kAlreadyExists);
  CHECK(ReasonOf(taken) == "PROJECT_CONNECTOR_NAME_TAKEN");
  CHECK(Create("invoice", "", "", &billing_to_shop).ok());
}

TEST_CASE_METHOD(Service, "every link of the chain must be of the one before it") {
  Chain chain = shop_to_billing;
  chain.service = billing_to_shop.service;
  CHECK(FieldsOf(Create("x", "", "", &chain).status()) == "project_connector.target_service_id ");
  chain = shop_to_billing;
  chain.interface = billing_to_shop.interface;
  CHECK(FieldsOf(Create("x", "", "", &chain).status()) == "project_connector.target_interface_id ");
  chain = shop_to_billing;
  chain.source = ProjectId::Make(absl::Now());
  CHECK(absl::IsNotFound(Create("x", "", "", &chain).status()));
  chain = shop_to_billing;
  chain.target = ProjectId::Make(absl::Now());
  CHECK(absl::IsNotFound(Create("x", "", "", &chain).status()));
  chain = shop_to_billing;
  chain.service = WorkflowId::Make(absl::Now());
  CHECK(absl::IsNotFound(Create("x", "", "", &chain).status()));
  chain = shop_to_billing;
  chain.interface = InterfaceId::Make(absl::Now());
  CHECK(absl::IsNotFound(Create("x", "", "", &chain).status()));
  CHECK(Count("{}", us) == 0);
}

TEST_CASE_METHOD(Service, "name and chain never change") {
  const std::string id = Check(Create("invoice"), "create").id();
  CHECK(FieldsOf(Update(id, R"(,"name":"other")").status()) == "project_connector.name ");
  CHECK(FieldsOf(Update(id, fmt::format(R"(,"targetProjectId":"{}")", shop.ToString())).status()) ==
        "project_connector.target_project_id ");
  CHECK(FieldsOf(Update(id, R"(,"name":"other")", "name").status()) == "update_mask ");
  CHECK(Update(id, R"(,"name":"invoice","displayName":"Invoices")").ok());
}

TEST_CASE_METHOD(Service, "an auth_config is for what is public, and holds no secret") {
  const std::string config = R"(,"authConfig":{"type":"api_key","header":"X-Key"})";
  const std::string is_public = R"(,"visibility":"PROJECT_CONNECTOR_VISIBILITY_PUBLIC")";
  CHECK(FieldsOf(Create("x", config).status()) == "project_connector.auth_config ");
  CHECK(FieldsOf(
            Create("x", is_public + R"(,"authConfig":{"client_secret":"planted-1"})").status()) ==
        "project_connector.auth_config.client_secret ");
  const std::string id = Check(Create("x", is_public + config), "create").id();
  const std::string to_private = R"(,"visibility":"PROJECT_CONNECTOR_VISIBILITY_PRIVATE")";
  CHECK(FieldsOf(Update(id, to_private, "visibility").status()) ==
        "project_connector.auth_config ");
  CHECK_FALSE(Check(Update(id, to_private, "visibility,authConfig"), "update").has_auth_config());
}

TEST_CASE_METHOD(Service, "another tenant sees nothing and links to nothing of ours") {
  const std::string id =
      Check(Create("invoice", R"(,"visibility":"PROJECT_CONNECTOR_VISIBILITY_PUBLIC")"), "create")
          .id();
  CHECK(absl::IsNotFound(Get(id, them).status()));
  CHECK(absl::IsNotFound(Update(id, R"(,"description":"x")", "", them).status()));
  CHECK(absl::IsNotFound(Delete(id, them)));
  CHECK(Count("{}", them) == 0);
  CHECK(absl::IsNotFound(Create("mine", "", them).status()));
  Chain chain = shop_to_billing;
  chain.source = stranger.project;
  chain.target = stranger.project;
  CHECK(absl::IsNotFound(Create("mine", "", them, &chain).status()));
}

TEST_CASE_METHOD(Service, "a key of a project makes no way out of it and widens none") {
  CHECK(absl::IsNotFound(Create("invoice", "", of_shop).status()));
  Chain chain = shop_to_billing;
  chain.target = shop;
  const absl::Status guessed = Create("invoice", "", of_shop, &chain).status();
  CHECK(absl::IsNotFound(guessed));
  chain = billing_to_shop;
  chain.source = shop;
  const std::string own = Check(Create("own", "", of_shop, &chain), "within the project").id();
  CHECK(Update(own, R"(,"description":"x")", "", of_shop).ok());

  const std::string made_for_it = Check(Create("invoice"), "create").id();
  CHECK(Get(made_for_it, of_shop).ok());
  CHECK(Get(made_for_it, of_billing).ok());
  CHECK(absl::IsNotFound(Get(own, of_billing).status()));
  const absl::Status widened =
      Update(made_for_it, R"(,"visibility":"PROJECT_CONNECTOR_VISIBILITY_ORGANIZATION")", "",
             of_shop)
          .status();
  CHECK(ReasonOf(widened) == "PROJECT_SCOPED_KEY");
  CHECK(ReasonOf(Delete(made_for_it, of_billing)) == "PROJECT_SCOPED_KEY");
  CHECK(Count("{}", of_shop) == 2);
  CHECK(Count("{}", of_billing) == 1);
  CHECK(absl::IsNotFound(Call(&Stub::GetProjectConnectorsBySourceProject,
                              fmt::format(R"({{"projectId":"{}"}})", shop.ToString()), of_billing)
                             .status()));
}

TEST_CASE_METHOD(Service, "what a name means depends on whose workflow says it") {
  const std::string shops = Check(Create("invoice"), "create").id();
  auth::CallContext caller;
  caller.tenant = tenant.tenant;
  const auto find = [&](ProjectId project, const std::string& name) {
    return FindUsable(context, caller, project, name);
  };
  CHECK(Check(find(shop, "invoice"), "own").id.ToString() == shops);
  CHECK(absl::IsNotFound(find(third, "invoice").status()));
  CHECK(absl::IsNotFound(find(third, shops).status()));
  const std::string organization = R"(,"visibility":"PROJECT_CONNECTOR_VISIBILITY_ORGANIZATION")";
  Check(Update(shops, organization).status(), "share");
  CHECK(Check(find(third, "invoice"), "another's").id.ToString() == shops);
  const std::string billings =
      Check(Create("invoice", organization, "", &billing_to_shop), "create").id();
  CHECK(ReasonOf(find(third, "invoice").status()) == "AMBIGUOUS_NAME");
  CHECK(Check(find(third, billings), "by id").id.ToString() == billings);
  CHECK(Check(find(billing, "invoice"), "own first").id.ToString() == billings);
}

TEST_CASE_METHOD(Service, "a project connector goes with what it leads to and where it begins") {
  Check(Create("invoice").status(), "create");
  Run(fmt::format("DELETE FROM interface.service_interfaces WHERE interface_id = '{}'",
                  shop_to_billing.interface.ToString()));
  CHECK(Count("{}", us) == 0);
  Check(Create("back", "", "", &billing_to_shop).status(), "create");
  Run(fmt::format("DELETE FROM workflow.workflows WHERE workflow_id = '{}'",
                  billing_to_shop.service.ToString()));
  CHECK(Count("{}", us) == 0);
}

TEST_CASE_METHOD(Service, "the database holds the chain whoever writes") {
  Check(Create("invoice").status(), "create");
  // A service can't leave its project from under those who link to it.
  CHECK(Refusal(
            fmt::format("UPDATE workflow.workflows SET project_id = '{}' WHERE workflow_id = '{}'",
                        third.ToString(), shop_to_billing.service.ToString())) ==
        "project_connectors_service_of_project");
  CHECK(Refusal(fmt::format("UPDATE connector.project_connectors SET source_project_id = '{}'",
                            third.ToString())) == "project_connectors_chain_kept");
  CHECK(Refusal("UPDATE connector.project_connectors SET auth_config = '{}'") ==
        "project_connectors_auth_config_is_public");
  CHECK(Refusal("UPDATE interface.service_interfaces SET name = 'other'") ==
        "service_interfaces_identity_kept");
}

}  // namespace
}  // namespace penstock::connector
