// interfaces-service in front of fake services, for the tests of its API over HTTP and JSON.
#pragma once

#include <memory>
#include <string_view>

#include "services/interfaces/testing/fake_upstream.h"
#include "services/interfaces/testing/service_fixture.h"

namespace penstock::interfaces::testing {

struct ApiFixture : ServiceFixture {
  // Lets in pages of https://app.example.com.
  ApiFixture();

  penstock::testing::HttpResponse Call(std::string_view method, std::string_view target,
                                       std::string_view body = {},
                                       const penstock::testing::HttpClient::Headers& headers = {
                                           {"Authorization", "Bearer key-1"}});

  // Outlived by the service, whose calls then find nobody.
  std::unique_ptr<FakeUpstream> connector = std::make_unique<FakeUpstream>();
  std::unique_ptr<FakeUpstream> scheduler = std::make_unique<FakeUpstream>();
};

// Whether it is a problem document that says so; checks what all of them have.
bool IsProblem(const penstock::testing::HttpResponse& response, int status, std::string_view code);

}  // namespace penstock::interfaces::testing
