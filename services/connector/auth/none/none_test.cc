#include "services/connector/auth/none/none.h"

#include <catch2/catch.hpp>

#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

TEST_CASE("a request stays as it is") {
  Try attempt;
  attempt.request.headers = {{"Accept", "*/*"}};
  const egress::HttpRequest request = Authenticated(*MakeNoneStrategy(), attempt).value();
  CHECK(request.url == attempt.request.url);
  CHECK(request.headers == attempt.request.headers);
  CHECK(request.body.empty());
  CHECK(request.client_identity == nullptr);
}

}  // namespace
}  // namespace penstock::connector
