#include "services/connector/ops/test_request.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/util/json_util.h"
#include "libs/http/percent.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "services/connector/outbound/json_at.h"

namespace penstock::connector {

namespace {

constexpr size_t kMaxQuery = 50;

}  // namespace

using TestRequest = connector::v1::Provider::TestRequest;

absl::StatusOr<TestRequest> TestRequestOf(const KnownConnector& known) {
  TestRequest test;
  if (known.connector.test_request) {
    if (!google::protobuf::util::JsonStringToMessage(*known.connector.test_request, &test).ok()) {
      return absl::InternalError("the stored test_request can't be read");
    }
  } else if (known.provider && known.provider->has_test_request()) {
    test = known.provider->test_request();
  }
  if (test.method().empty()) test.set_method("GET");
  return test;
}

absl::StatusOr<ApiRequest> ApiRequestOf(const TestRequest& test) {
  ApiRequest request{.method = test.method()};
  const size_t question = test.path().find('?');
  request.resource_path = test.path().substr(0, question);
  if (question != std::string::npos) {
    std::optional<http::QueryParameters> query =
        http::ParseQuery(std::string_view(test.path()).substr(question + 1), kMaxQuery);
    if (!query) return InvalidField("test_request.path", "has a query that can't be read");
    request.query = *std::move(query);
  }
  if (test.has_body()) {
    ASSIGN_OR_RETURN(request.body, json::FromProto(test.body()));
    request.content_type = "application/json";
  }
  return request;
}

bool Passes(const TestRequest& test, const egress::HttpResponse& answer) {
  const bool is_listed =
      std::ranges::find(test.ok_statuses(), answer.status) != test.ok_statuses().end();
  const bool is_success = answer.status >= 200 && answer.status < 300;
  if (!is_listed && !(test.ok_statuses().empty() && is_success)) return false;
  if (!test.has_ok_predicate()) return true;
  const nlohmann::json body = nlohmann::json::parse(answer.body, nullptr, false);
  const absl::StatusOr<std::string> expected = json::FromProto(test.ok_predicate().equals());
  const std::optional<json::Path> path = json::ParsePath(test.ok_predicate().path());
  if (body.is_discarded() || !expected.ok() || !path) return false;
  const nlohmann::json* found = JsonAt(body, *path);
  return found != nullptr && *found == nlohmann::json::parse(*expected);
}

}  // namespace penstock::connector
