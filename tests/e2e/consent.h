// Consent as a person gives it: a provider that asks for it, and a browser between that and our
// front door.
#pragma once

#include <memory>
#include <string>

#include "libs/clock/clock.h"
#include "penstock/connector/v1/connector.grpc.pb.h"
#include "penstock/connector/v1/grant.grpc.pb.h"
#include "services/connector/testing/authorization_server.h"
#include "tests/harness/deployment.h"
#include "tests/harness/http.h"

namespace penstock::e2e {

class Consent {
 public:
  // What the provider knows us by.
  static constexpr char kClientSecret[] = "s3cret:with%odd&signs";

  // The provider sends browsers back to the front door of `deployment`, which outlives it.
  explicit Consent(harness::Deployment& deployment);

  connector::testing::AuthorizationServer& provider() { return provider_; }

  // A connector for the provider, to be created.
  connector::v1::CreateConnectorRequest NewConnector(const std::string& name) const;

  // The browser takes the link that begins a grant's consent: where our front door sends it, and
  // the cookie it takes along.
  harness::HttpReply Open(const std::string& grant);
  // The browser comes back from the provider.
  harness::HttpReply ComeBack(const std::string& query, const std::string& cookie);

  // What an answer has the browser send from now on.
  static std::string CookieOf(const harness::HttpReply& reply);

 private:
  std::string CallbackUrl() const;

  harness::Deployment& deployment_;
  const RealClock clock_;
  connector::testing::AuthorizationServer provider_{clock_};
  std::unique_ptr<connector::v1::GrantService::Stub> grants_;
};

}  // namespace penstock::e2e
