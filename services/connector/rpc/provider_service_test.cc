// ProviderService over gRPC on a real database.
#include "services/connector/rpc/provider_service.h"

#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fmt/format.h"
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
#include "libs/testing/postgres.h"
#include "libs/testing/simulated_clock.h"
#include "libs/testing/tenants.h"
#include "services/connector/providers/testing/sample_provider.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::SampleProvider;
using v1::Provider;

// The credential is "<tenant>" or "<tenant>/<project>".
class TrustingAuthenticator final : public auth::Authenticator {
 public:
  bool Recognizes(std::string_view) const override { return true; }
  absl::StatusOr<auth::CallContext> Authenticate(std::string_view credential,
                                                 absl::Time) const override {
    const size_t slash = credential.find('/');
    auth::CallContext caller;
    caller.tenant = TenantId::Parse(credential.substr(0, slash)).value();
    caller.role = auth::Role::kAdmin;
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

const auth::RoleTable& Roles() {
  using enum auth::Access;
  static const auth::RoleTable& roles = *new auth::RoleTable({
      {"/penstock.connector.v1.ProviderService/ListProviders", kViewer},
      {"/penstock.connector.v1.ProviderService/GetProvider", kViewer},
      {"/penstock.connector.v1.ProviderService/CreateProvider", kAdmin},
      {"/penstock.connector.v1.ProviderService/UpdateProvider", kAdmin},
      {"/penstock.connector.v1.ProviderService/DeleteProvider", kAdmin},
  });
  return roles;
}

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

struct Service {
  Service() {
    ours = penstock::testing::CreateTenant(database, "ours");
    theirs = penstock::testing::CreateTenant(database, "theirs");
    us = ours.tenant.ToString();
    them = theirs.tenant.ToString();
  }
  ~Service() {
    server->Drain(absl::Seconds(30));
    workers.Stop();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::ProviderService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request, const std::string& credential) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + credential);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    Response response;
    const grpc::Status status = (stub.get()->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  absl::StatusOr<Provider> Create(const Provider& provider, const std::string& credential) {
    v1::CreateProviderRequest request;
    *request.mutable_provider() = provider;
    return Call(&v1::ProviderService::Stub::CreateProvider, request, credential);
  }
  absl::StatusOr<Provider> Get(const std::string& id, const std::string& credential) {
    v1::GetProviderRequest request;
    request.set_id(id);
    return Call(&v1::ProviderService::Stub::GetProvider, request, credential);
  }
  absl::StatusOr<Provider> Update(const Provider& provider, std::vector<std::string> mask,
                                  const std::string& credential) {
    v1::UpdateProviderRequest request;
    *request.mutable_provider() = provider;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return Call(&v1::ProviderService::Stub::UpdateProvider, request, credential);
  }
  absl::Status Delete(const std::string& id, const std::string& credential) {
    v1::DeleteProviderRequest request;
    request.set_id(id);
    return Call(&v1::ProviderService::Stub::DeleteProvider, request, credential).status();
  }
  absl::StatusOr<v1::ListProvidersResponse> List(const v1::ListProvidersRequest& request,
                                                 const std::string& credential) {
    return Call(&v1::ProviderService::Stub::ListProviders, request, credential);
  }

  penstock::testing::TestDatabase database;
  penstock::testing::TestTenant ours, theirs;
  std::string us, them;
  penstock::testing::SimulatedClock clock{
      absl::FromCivil(absl::CivilDay(2026, 11, 21), absl::UTCTimeZone())};
  std::unique_ptr<postgres::Pool> pool = Check(
      postgres::Pool::Create({.conninfo = database.Conninfo(postgres::Role::kServer)}), "pool");
  Catalogue catalogue = Check(Catalogue::CreateEmbedded(), "catalogue");
  absl::Mutex mutex;
  std::vector<std::string> audited ABSL_GUARDED_BY(mutex);
  ProviderContext context{*pool, catalogue, clock,
                          [this](postgres::Connection&, const auth::CallContext&,
                                 std::string_view action, const std::string& id) {
                            absl::MutexLock lock(&mutex);
                            audited.push_back(fmt::format("{} {}", action, id));
                            return absl::OkStatus();
                          }};
  TrustingAuthenticator trusting;
  auth::BearerAuthenticator authenticator{{&trusting}};
  metrics::Registry registry;
  lifecycle::Readiness readiness{{"test"}};
  lifecycle::ThreadPool workers{{.name = "test", .threads = 4}};
  RealClock real_clock;
  rpc::Serving serving{authenticator, Roles(), workers, registry, real_clock};
  ProviderService providers{serving, context};
  std::unique_ptr<rpc::Server> server =
      rpc::Server::Create({.address = "127.0.0.1:0"}, {&providers}, readiness).value();
  std::unique_ptr<v1::ProviderService::Stub> stub =
      v1::ProviderService::NewStub(grpc::CreateChannel(fmt::format("127.0.0.1:{}", server->port()),
                                                       grpc::InsecureChannelCredentials()));
};

TEST_CASE_METHOD(Service, "a tenant adds, changes and deletes a provider that nobody else sees") {
  const Provider created = Check(Create(SampleProvider(), us), "create");
  CHECK(created.origin() == Provider::ORIGIN_TENANT);
  CHECK(created.has_create_time());
  CHECK(absl::IsNotFound(Get("acme-erp", them).status()));
  CHECK(absl::IsNotFound(Update(SampleProvider(), {}, them).status()));
  CHECK(absl::IsNotFound(Delete("acme-erp", them)));
  Provider change;
  change.set_id("acme-erp");
  change.set_display_name("Acme");
  const Provider changed = Check(Update(change, {}, us), "update");
  CHECK(changed.display_name() == "Acme");
  CHECK(changed.base_url() == created.base_url());
  CHECK(Check(Update(change, {"display_name", "notes"}, us), "update").notes().empty());
  CHECK(Delete("acme-erp", us).ok());
  CHECK(absl::IsNotFound(Get("acme-erp", us).status()));
  absl::MutexLock lock(&mutex);
  CHECK(audited ==
        std::vector<std::string>{"provider.created acme-erp", "provider.updated acme-erp",
                                 "provider.updated acme-erp", "provider.deleted acme-erp"});
}

TEST_CASE_METHOD(Service, "everything that is wrong is named, with its place in the request") {
  Provider provider = SampleProvider();
  provider.set_base_url("https://evil.com");
  provider.clear_sources();
  provider.set_verified_on("2026-11-22");
  provider.add_hosts("db.internal");
  CHECK(Fields(Create(provider, us).status()) ==
        std::set<std::string>{"provider.base_url", "provider.sources", "provider.verified_on",
                              "provider.hosts[2]"});
  Check(Create(SampleProvider(), us), "create");
  CHECK(Fields(Update(provider, {"hosts"}, us).status()) ==
        std::set<std::string>{"provider.hosts[2]"});
  CHECK(Fields(Update(provider, {"id", "hosts.0", "origin"}, us).status()) ==
        std::set<std::string>{"update_mask"});
  CHECK(Check(Get("acme-erp", us), "get").hosts_size() == 2);
}

TEST_CASE_METHOD(Service, "an id is there once, and those of the release are not the tenant's") {
  Check(Create(SampleProvider(), us), "create");
  CHECK(ReasonOf(Create(SampleProvider(), us).status()) == "PROVIDER_EXISTS");
  CHECK(Create(SampleProvider(), them).ok());
  Provider slack = SampleProvider();
  slack.set_id("slack");
  CHECK(ReasonOf(Create(slack, us).status()) == "PROVIDER_EXISTS");
  CHECK(ReasonOf(Update(slack, {}, us).status()) == "RELEASE_PROVIDER");
  CHECK(ReasonOf(Delete("slack", us)) == "RELEASE_PROVIDER");
  CHECK(Check(Get("slack", us), "get").origin() == Provider::ORIGIN_RELEASE);
}

TEST_CASE_METHOD(Service, "a row that a newer release has the id of can only be deleted") {
  auto superuser = database.ConnectAsSuperuser();
  Check(superuser
            ->Execute({"insert",
                       "INSERT INTO connector.providers (tenant_id, provider_id, provider) "
                       "VALUES ($1, 'slack', '{\"id\": \"slack\", \"display_name\": \"Mine\"}')"},
                      postgres::Params().Add(ours.tenant))
            .status(),
        "insert");
  CHECK(Check(Get("slack", us), "get").display_name() == "Slack");
  v1::ListProvidersRequest all;
  all.set_page_size(200);
  const auto listed = Check(List(all, us), "list");
  CHECK(listed.total_size() == static_cast<int>(catalogue.ids().size()));
  CHECK(listed.providers_size() == listed.total_size());
  CHECK(Delete("slack", us).ok());
  CHECK(ReasonOf(Delete("slack", us)) == "RELEASE_PROVIDER");
}

TEST_CASE_METHOD(Service, "a key that is limited to a project reads providers and changes none") {
  const std::string limited = us + "/" + ours.project.ToString();
  CHECK(ReasonOf(Create(SampleProvider(), limited).status()) == "PROJECT_SCOPED_KEY");
  Check(Create(SampleProvider(), us), "create");
  CHECK(ReasonOf(Update(SampleProvider(), {}, limited).status()) == "PROJECT_SCOPED_KEY");
  CHECK(ReasonOf(Delete("acme-erp", limited)) == "PROJECT_SCOPED_KEY");
  CHECK(Get("acme-erp", limited).ok());
  CHECK(List({}, limited).ok());
}

TEST_CASE_METHOD(Service, "one list has the release's and the tenant's own, page by page") {
  Check(Create(SampleProvider(), us), "create");
  std::vector<std::string> ids;
  v1::ListProvidersRequest request;
  request.set_page_size(7);
  do {
    const auto page = Check(List(request, us), "list");
    CHECK(page.total_size() == static_cast<int>(catalogue.ids().size()) + 1);
    CHECK(page.providers_size() <= 7);
    for (const Provider& provider : page.providers()) ids.push_back(provider.id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::set<std::string> expected(catalogue.ids().begin(), catalogue.ids().end());
  expected.insert("acme-erp");
  CHECK(ids == std::vector<std::string>(expected.begin(), expected.end()));
}

TEST_CASE_METHOD(Service, "lists are narrowed by category, auth type and origin") {
  Check(Create(SampleProvider(), us), "create");
  const auto ids = [&](const v1::ListProvidersRequest& request, const std::string& credential) {
    std::set<std::string> found;
    const auto page = Check(List(request, credential), "list");
    for (const Provider& provider : page.providers()) found.insert(provider.id());
    CHECK(static_cast<int>(found.size()) == page.total_size());
    return found;
  };
  v1::ListProvidersRequest own;
  own.set_origin(Provider::ORIGIN_TENANT);
  CHECK(ids(own, us) == std::set<std::string>{"acme-erp"});
  CHECK(ids(own, them).empty());
  v1::ListProvidersRequest erp;
  erp.set_category("erp");
  CHECK(ids(erp, us) == std::set<std::string>{"acme-erp"});
  v1::ListProvidersRequest sigv4;
  sigv4.set_auth_type("aws_sigv4");
  CHECK(ids(sigv4, us) == std::set<std::string>{"aws-s3"});
  v1::ListProvidersRequest odd;
  odd.set_origin(static_cast<Provider::Origin>(9));
  CHECK(Fields(List(odd, us).status()) == std::set<std::string>{"origin"});
  v1::ListProvidersRequest negative;
  negative.set_page_size(-1);
  CHECK(Fields(List(negative, us).status()) == std::set<std::string>{"page_size"});
}

TEST_CASE_METHOD(Service, "of many that add the same at once one succeeds, and there is a limit") {
  auto superuser = database.ConnectAsSuperuser();
  Check(superuser
            ->Execute({"fill",
                       "INSERT INTO connector.providers (tenant_id, provider_id, provider) "
                       "SELECT $1, 'p' || n, jsonb_build_object('id', 'p' || n) "
                       "FROM generate_series(1, 198) n"},
                      postgres::Params().Add(ours.tenant))
            .status(),
        "fill");
  std::vector<absl::StatusOr<Provider>> answers(8, absl::UnknownError("not asked"));
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      Provider provider = SampleProvider();
      provider.set_id(fmt::format("acme-{}", i % 4));
      answers[i] = Create(provider, us);
    });
  }
  for (std::thread& caller : callers) caller.join();
  int made = 0;
  for (const auto& answer : answers) {
    made += answer.ok();
    if (answer.ok()) continue;
    const std::string reason = ReasonOf(answer.status());
    CHECK((reason == "TOO_MANY_PROVIDERS" || reason == "PROVIDER_EXISTS"));
  }
  CHECK(made == 2);
}

TEST_CASE_METHOD(Service, "a change that can't be audited is not made") {
  context.audit = [](postgres::Connection&, const auth::CallContext&, std::string_view,
                     const std::string&) { return absl::UnavailableError("no log"); };
  CHECK(absl::IsUnavailable(Create(SampleProvider(), us).status()));
  CHECK(absl::IsNotFound(Get("acme-erp", us).status()));
}

}  // namespace
}  // namespace penstock::connector
