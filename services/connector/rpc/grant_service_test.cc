// GrantService over gRPC: a real database, a real provider, and every answer looked through for
// tokens.
#include "services/connector/rpc/grant_service.h"

#include <catch2/catch.hpp>

#include "grpcpp/grpcpp.h"
#include "libs/auth/authenticator.h"
#include "libs/auth/role_table.h"
#include "libs/grpc/server.h"
#include "libs/grpc/status_conversion.h"
#include "libs/http/percent.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/oauth/testing/grant_fixture.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::GrantFixture;

// The credential is the tenant, "service", or "viewer/<tenant>".
class TrustingAuthenticator final : public auth::Authenticator {
 public:
  bool Recognizes(std::string_view) const override { return true; }
  absl::StatusOr<auth::CallContext> Authenticate(std::string_view credential,
                                                 absl::Time) const override {
    auth::CallContext caller;
    if (credential == "service") {
      caller.service = "interfaces-service";
      return caller;
    }
    const bool viewer = credential.starts_with("viewer/");
    caller.tenant = TenantId::Parse(credential.substr(viewer ? 7 : 0)).value();
    caller.role = viewer ? auth::Role::kViewer : auth::Role::kOwner;
    return caller;
  }
  std::optional<absl::StatusOr<auth::CallContext>> TryAuthenticate(
      std::string_view) const override {
    return std::nullopt;
  }
};

struct Service : GrantFixture {
  ~Service() {
    grpc->Drain(absl::Seconds(30));
    workers.Stop();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::GrantService::Stub::*method)(grpc::ClientContext*,
                                                                               const Request&,
                                                                               Response*),
                                const Request& request, const std::string& credential) {
    grpc::ClientContext call;
    call.AddMetadata("authorization", "Bearer " + credential);
    call.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    Response response;
    const grpc::Status status = (stub.get()->*method)(&call, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    answers += response.DebugString();
    return response;
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> CallById(grpc::Status (v1::GrantService::Stub::*method)(
                                        grpc::ClientContext*, const Request&, Response*),
                                    const std::string& id, const std::string& credential) {
    Request request;
    request.set_id(id);
    return Call(method, request, credential);
  }

  v1::Grant Create() {
    v1::CreateGrantRequest request;
    request.set_connector_id(connector.ToString());
    request.add_scopes("read");
    return Check(Call(&v1::GrantService::Stub::CreateGrant, request, us), "create");
  }
  // The front door's part.
  v1::CompleteAuthorizationResponse Authorize(const std::string& id) {
    const auto started =
        Check(CallById(&v1::GrantService::Stub::StartAuthorization, id, us), "start");
    v1::OpenAuthorizationRequest open;
    open.set_ticket(started.url().substr(started.url().find("ticket=") + 7));
    const auto opened =
        Check(Call(&v1::GrantService::Stub::OpenAuthorization, open, "service"), "open");
    v1::CompleteAuthorizationRequest complete;
    complete.set_provider("acme");
    complete.set_browser_binding(opened.browser_binding());
    const auto back = server.Consent(opened.authorize_url());
    REQUIRE(back.has_value());
    const auto parameters = http::ParseQuery(*back, 20);
    for (const auto& [name, value] : *parameters) (*complete.mutable_query())[name] = value;
    return Check(Call(&v1::GrantService::Stub::CompleteAuthorization, complete, "service"),
                 "complete");
  }

  std::string answers;  // all of them
  const std::string us = tenant.tenant.ToString();
  const RefreshParts parts{*kit().pool, kit().credentials,  kit().sender,  kit().spool,
                           clock,       [] { return 0.5; }, kit().measures};
  Authorizer authorizer{parts, {.public_url = "https://penstock.example"}};
  DeviceAuthorizer devices{parts};
  Revoker revoker{parts};
  const GrantContext context{parts, refresher(), authorizer, devices, revoker};
  TrustingAuthenticator trusting;
  auth::BearerAuthenticator authenticator{{&trusting}};
  metrics::Registry registry;
  lifecycle::Readiness readiness{{"test"}};
  lifecycle::ThreadPool workers{{.name = "test", .threads = 4}};
  rpc::Serving serving{authenticator, auth::PenstockRoles(), workers, registry, clock};
  GrantService grants{serving, context};
  std::unique_ptr<rpc::Server> grpc =
      Check(rpc::Server::Create({.address = "127.0.0.1:0"}, {&grants}, readiness), "server");
  std::unique_ptr<v1::GrantService::Stub> stub = v1::GrantService::NewStub(grpc::CreateChannel(
      "127.0.0.1:" + std::to_string(grpc->port()), grpc::InsecureChannelCredentials()));
};

TEST_CASE_METHOD(Service, "a grant's life over the wire, without a token in any answer") {
  Execute("UPDATE connector.integration_connectors SET auth_config = '" +
          server.ConnectorConfig(R"({"refresh_absolute_ttl_seconds":864000})") + "'");
  const v1::Grant made = Create();
  CHECK(made.state() == v1::GRANT_STATE_PENDING);
  CHECK(made.used_by(0) == connector.ToString());
  CHECK(Authorize(made.id()).outcome() == "authorized");
  const v1::Grant active =
      Check(CallById(&v1::GrantService::Stub::GetGrant, made.id(), "viewer/" + us), "get");
  CHECK(active.state() == v1::GRANT_STATE_ACTIVE);
  CHECK(active.authorization() == "authorized");
  CHECK(active.scopes_granted(0) == "read");
  CHECK(active.scopes_missing_size() == 0);
  CHECK(active.expiring_at().seconds() ==
        active.refresh_absolute_expires_at().seconds());  // within 30 days
  CHECK(active.changes(0).to() == v1::GRANT_STATE_ACTIVE);
  CHECK(Check(CallById(&v1::GrantService::Stub::RefreshGrant, made.id(), us), "refresh")
            .token_version() == 2);
  const GrantId id = *GrantId::Parse(made.id());
  const std::string access = Secret(id, "access_token"), refresh = Secret(id, "refresh_token");
  server.RevokeAll();
  const absl::Status lost = CallById(&v1::GrantService::Stub::RefreshGrant, made.id(), us).status();
  CHECK(ReasonOf(lost) == "NEEDS_REAUTH");
  answers += lost.ToString();
  const v1::Grant needs = Check(CallById(&v1::GrantService::Stub::GetGrant, made.id(), us), "get");
  CHECK(needs.state() == v1::GRANT_STATE_NEEDS_REAUTH);
  CHECK(needs.last_error().class_() == "revoked_or_expired");
  CHECK(needs.last_error().provider_code() == "invalid_grant");
  v1::ListGrantsRequest list;
  list.set_state(v1::GRANT_STATE_NEEDS_REAUTH);
  CHECK(Check(Call(&v1::GrantService::Stub::ListGrants, list, us), "list").total_size() == 1);
  list.set_state(v1::GRANT_STATE_ACTIVE);
  CHECK(Check(Call(&v1::GrantService::Stub::ListGrants, list, us), "list").total_size() == 0);
  CHECK(Check(CallById(&v1::GrantService::Stub::RevokeGrant, made.id(), us), "revoke")
            .grant()
            .state() == v1::GRANT_STATE_DISABLED);
  CHECK(CallById(&v1::GrantService::Stub::DeleteGrant, made.id(), us).ok());
  CHECK(absl::IsNotFound(CallById(&v1::GrantService::Stub::GetGrant, made.id(), us).status()));
  for (const std::string& secret : {access, refresh, std::string("s3cret")}) {
    REQUIRE(secret.size() > 5);
    CHECK(answers.find(secret) == std::string::npos);
  }
}

TEST_CASE_METHOD(Service,
                 "the front door's calls are for services, and changes are not for viewers") {
  const std::string id = AddGrant().ToString();
  CHECK(absl::IsPermissionDenied(
      Call(&v1::GrantService::Stub::OpenAuthorization, v1::OpenAuthorizationRequest(), us)
          .status()));
  CHECK(absl::IsPermissionDenied(
      Call(&v1::GrantService::Stub::CompleteAuthorization, v1::CompleteAuthorizationRequest(), us)
          .status()));
  CHECK(absl::IsPermissionDenied(
      CallById(&v1::GrantService::Stub::RevokeGrant, id, "viewer/" + us).status()));
  CHECK(absl::IsPermissionDenied(
      CallById(&v1::GrantService::Stub::RefreshGrant, id, "viewer/" + us).status()));
}

TEST_CASE_METHOD(Service, "fields that are wrong are named") {
  const auto field = [](const absl::Status& status) { return ViolationsOf(status).at(0).field; };
  v1::CreateGrantRequest create;
  create.set_connector_id("x");
  CHECK(field(Call(&v1::GrantService::Stub::CreateGrant, create, us).status()) == "connector_id");
  create.set_connector_id(connector.ToString());
  create.add_scopes("two words");
  CHECK(field(Call(&v1::GrantService::Stub::CreateGrant, create, us).status()) == "grant.scopes");
  CHECK(field(CallById(&v1::GrantService::Stub::GetGrant, "x", us).status()) == "id");
  v1::ListGrantsRequest list;
  list.set_state(static_cast<v1::GrantState>(9));
  CHECK(field(Call(&v1::GrantService::Stub::ListGrants, list, us).status()) == "state");
}

}  // namespace
}  // namespace penstock::connector
