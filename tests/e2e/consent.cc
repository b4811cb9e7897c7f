#include "tests/e2e/consent.h"

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/testing/check.h"

namespace penstock::e2e {
namespace {

namespace v1 = connector::v1;
using testing::Check;

constexpr char kProvider[] = "acme";

}  // namespace

Consent::Consent(harness::Deployment& deployment)
    : deployment_(deployment),
      grants_(v1::GrantService::NewStub(deployment.clients().connectors_channel())) {
  provider_.Set([this](auto& switches) { switches.redirect_uri = CallbackUrl(); });
}

v1::CreateConnectorRequest Consent::NewConnector(const std::string& name) const {
  v1::CreateConnectorRequest request;
  v1::Connector& connector = *request.mutable_connector();
  connector.set_name(name);
  connector.set_service_name(kProvider);
  connector.set_auth_type("oauth2");
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      provider_.ConnectorConfig(R"({"grant_type":"authorization_code"})"),
      connector.mutable_auth_config());
  if (!parsed.ok()) testing::Fail("a connector's auth_config", std::string(parsed.message()));
  connector.set_base_url(provider_.url(""));
  connector.add_scopes("read");
  (*request.mutable_secrets())["client_secret"] = kClientSecret;
  return request;
}

harness::HttpReply Consent::Open(const std::string& grant) {
  v1::StartAuthorizationRequest request;
  request.set_id(grant);
  const auto started = Check(
      deployment_.clients().Call(&v1::GrantService::Stub::StartAuthorization, *grants_, request),
      "start");
  return Check(harness::Call({.url = started.url()}), "front door");
}

harness::HttpReply Consent::ComeBack(const std::string& query, const std::string& cookie) {
  return Check(harness::Call(
                   {.url = CallbackUrl() + "?" + query, .headers = {"Cookie: other=1; " + cookie}}),
               "callback");
}

std::string Consent::CookieOf(const harness::HttpReply& reply) {
  const std::string& header = reply.headers.at("set-cookie");
  return header.substr(0, header.find(';'));
}

std::string Consent::CallbackUrl() const {
  return fmt::format("http://127.0.0.1:{}/oauth/callback/{}", deployment_.http_port(), kProvider);
}

}  // namespace penstock::e2e
