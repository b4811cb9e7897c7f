// WebhookService over gRPC: who may call, what is passed on, how errors come back.
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "libs/status/details.h"
#include "services/interfaces/testing/service_fixture.h"

namespace penstock::interfaces {
namespace {

using auth::Role;
using testing::ServiceFixture;

struct Service : ServiceFixture {
  Service() {
    Start();
    stub = Stub();
    for (Role role : {Role::kViewer, Role::kOperator, Role::kDeveloper, Role::kAdmin}) {
      keys[role] = AddApiKey(acme, role);
    }
  }

  // Calls as the holder of `key`.
  template <typename Response, typename Method, typename Request>
  absl::StatusOr<Response> Call(Method method, const Request& request, const std::string& key) {
    grpc::ClientContext context;
    if (!key.empty()) rpc::PrepareCall(context, key, absl::Now() + absl::Seconds(20));
    Response response;
    const grpc::Status status = ((*stub).*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }
  absl::StatusOr<v1::ListDeliveriesResponse> List(const v1::ListDeliveriesRequest& request,
                                                  const std::string& key) {
    return Call<v1::ListDeliveriesResponse>(&v1::WebhookService::Stub::ListDeliveries, request,
                                            key);
  }
  absl::StatusOr<v1::Delivery> Get(const std::string& id, const std::string& key) {
    v1::GetDeliveryRequest request;
    request.set_id(id);
    return Call<v1::Delivery>(&v1::WebhookService::Stub::GetDelivery, request, key);
  }
  absl::StatusOr<v1::SigningSecret> Create(const std::string& name, const std::string& value,
                                           const std::string& key) {
    v1::CreateSigningSecretRequest request;
    request.set_name(name);
    request.set_value(value);
    return Call<v1::SigningSecret>(&v1::WebhookService::Stub::CreateSigningSecret, request, key);
  }

  std::unique_ptr<v1::WebhookService::Stub> stub;
  std::map<Role, std::string> keys;
};

workflow::v1::StoredDelivery Stored(const std::string& id) {
  workflow::v1::StoredDelivery stored;
  stored.set_id(id);
  stored.set_trigger_type("webhook");
  stored.set_action_type("test");
  stored.set_payload_json(R"({"message":"hello","n":[1,2]})");
  stored.set_headers_json(R"({"user-agent":"x"})");
  stored.set_outcome("accepted");
  stored.add_execution_ids("01900000-0000-7000-8000-00000000e001");
  return stored;
}

const std::string kFirst = "01900000-0000-7000-8000-0000000000a1";
const std::string kOther = "01900000-0000-7000-8000-0000000000a2";

TEST_CASE_METHOD(
    Service, "deliveries are listed for the caller's tenant, with a service token that names it") {
  engine->SetStored({Stored(kFirst)});
  v1::ListDeliveriesRequest request;
  request.set_trigger_type("webhook");
  request.mutable_start_time()->set_seconds(1'700'000'000);
  const auto page = List(request, keys[Role::kViewer]);
  REQUIRE(page.ok());
  REQUIRE(page->deliveries_size() == 1);
  const v1::Delivery& delivery = page->deliveries(0);
  CHECK(delivery.id() == kFirst);
  CHECK(delivery.payload().struct_value().fields().at("message").string_value() == "hello");
  CHECK(delivery.headers().fields().at("user-agent").string_value() == "x");
  CHECK(delivery.outcome() == v1::DELIVERY_OUTCOME_ACCEPTED);
  CHECK(delivery.execution_ids_size() == 1);
  CHECK(page->next_page_token() == "next");
  CHECK(page->total_size() == 1);
  CHECK(engine->last_list().tenant_id() == acme.ToString());
  CHECK(engine->last_list().trigger_type() == "webhook");
  CHECK(engine->last_list().page_size() == 20);
  CHECK(engine->last_list().start_time().seconds() == 1'700'000'000);
  CHECK(engine->last_authorization().starts_with("Bearer svc_"));
}

TEST_CASE_METHOD(Service, "page sizes are cut to 200 and wrong fields are all named") {
  v1::ListDeliveriesRequest request;
  request.set_page_size(5000);
  REQUIRE(List(request, keys[Role::kViewer]).ok());
  CHECK(engine->last_list().page_size() == 200);
  request.set_page_size(-1);
  request.mutable_start_time()->set_seconds(1LL << 60);
  const absl::Status status = List(request, keys[Role::kViewer]).status();
  CHECK(absl::IsInvalidArgument(status));
  REQUIRE(ViolationsOf(status).size() == 2);
  CHECK(ViolationsOf(status)[0].field == "page_size");
  CHECK(ViolationsOf(status)[1].field == "start_time");
}

TEST_CASE_METHOD(Service, "one delivery is found by its id, and another's is not found") {
  engine->SetStored({Stored(kFirst)});
  CHECK(Get(kFirst, keys[Role::kViewer])->id() == kFirst);
  CHECK(absl::IsNotFound(Get(kOther, keys[Role::kViewer]).status()));
  const absl::Status bad = Get("no-uuid", keys[Role::kViewer]).status();
  REQUIRE(ViolationsOf(bad).size() == 1);
  CHECK(ViolationsOf(bad)[0].field == "id");
}

TEST_CASE_METHOD(Service, "a delivery is repeated by operators and not by viewers") {
  v1::RedeliverRequest request;
  request.set_id(kFirst);
  const auto redeliver = [&](Role role) {
    return Call<v1::Delivery>(&v1::WebhookService::Stub::Redeliver, request, keys[role]);
  };
  CHECK(redeliver(Role::kOperator)->redelivery_of() == kFirst);
  CHECK(absl::IsPermissionDenied(redeliver(Role::kViewer).status()));
}

TEST_CASE_METHOD(Service, "a made secret is shown once and reaches the engine of its tenant") {
  const auto made = Create("github", "", keys[Role::kAdmin]);
  REQUIRE(made.ok());
  CHECK(made->value().starts_with("whsec_"));
  CHECK(made->value().size() == 6 + 44);
  CHECK(engine->secrets().at(acme.ToString() + "/github") == made->value());
  const auto listed =
      Call<v1::ListSigningSecretsResponse>(&v1::WebhookService::Stub::ListSigningSecrets,
                                           v1::ListSigningSecretsRequest(), keys[Role::kAdmin]);
  REQUIRE(listed->secrets_size() == 1);
  CHECK(listed->secrets(0).name() == "github");
  CHECK(listed->secrets(0).value().empty());
  v1::DeleteSigningSecretRequest gone;
  gone.set_name("github");
  CHECK(Call<v1::DeleteSigningSecretResponse>(&v1::WebhookService::Stub::DeleteSigningSecret, gone,
                                              keys[Role::kAdmin])
            .ok());
  CHECK(engine->secrets().empty());
}

TEST_CASE_METHOD(
    Service, "a caller's own secret is taken as it is, a bad one refused without repeating it") {
  CHECK(Create("own", "8f742231b10e8888abcd99yyyzzz85a5", keys[Role::kAdmin])->value() ==
        "8f742231b10e8888abcd99yyyzzz85a5");
  const absl::Status bad = Create("own", "whsec_tooshort", keys[Role::kAdmin]).status();
  CHECK(absl::IsInvalidArgument(bad));
  CHECK(bad.ToString().find("tooshort") == std::string::npos);
  CHECK(ViolationsOf(Create("bad name", "", keys[Role::kAdmin]).status())[0].field == "name");
  CHECK(absl::IsPermissionDenied(Create("x", "", keys[Role::kDeveloper]).status()));
}

TEST_CASE_METHOD(Service,
                 "missing, unknown and malformed credentials are refused, each with its reason") {
  const auto reason = [&](const std::string& key) {
    const absl::Status status = List({}, key).status();
    CHECK(absl::IsUnauthenticated(status));
    if (!key.empty()) CHECK(status.ToString().find(key) == std::string::npos);
    return ReasonOf(status);
  };
  CHECK(reason("") == "MISSING_CREDENTIALS");
  CHECK(reason("garbage") == "MALFORMED_CREDENTIALS");
  CHECK(reason("pk_test_" + std::string(43, 'A')) == "UNKNOWN_KEY");
}

TEST_CASE_METHOD(Service, "a key of another tenant sees its own tenant only") {
  CHECK(List({}, AddApiKey(slow, Role::kOwner)).ok());
  CHECK(engine->last_list().tenant_id() == slow.ToString());
}

TEST_CASE_METHOD(
    Service,
    "what the engine says comes back, and its absence is UNAVAILABLE with a time to retry") {
  engine->Fail("ListDeliveries",
               rpc::ToGrpcStatus(InvalidField("page_token", "is not one of ours")));
  const absl::Status refused = List({}, keys[Role::kViewer]).status();
  CHECK(absl::IsInvalidArgument(refused));
  CHECK(ViolationsOf(refused)[0].field == "page_token");
  engine.reset();
  const absl::Status away = List({}, keys[Role::kViewer]).status();
  CHECK(absl::IsUnavailable(away));
  CHECK(ReasonOf(away) == "ENGINE_UNREACHABLE");
  CHECK(RetryAfterOf(away) > absl::ZeroDuration());
  CHECK(away.ToString().find("127.0.0.1") == std::string::npos);
}

}  // namespace
}  // namespace penstock::interfaces
