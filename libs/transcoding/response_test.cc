#include "libs/transcoding/response.h"

#include <catch2/catch.hpp>
#include <string>

#include "libs/grpc/status_conversion.h"
#include "libs/status/details.h"
#include "libs/transcoding/error.h"
#include "libs/transcoding/route_table.h"
#include "libs/transcoding/testing/library.pb.h"

namespace penstock::transcoding {
namespace {

using http::Method;

const Binding& Served(Method method, std::string_view path) {
  static const RouteTable table = *RouteTable::Create(
      *BindingsOf(*testing::Book::descriptor()->file()->FindServiceByName("Library")));
  const Binding* binding = table.Find(method, path).binding;
  REQUIRE(binding != nullptr);
  return *binding;
}

std::string Header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

bool Has(const http::Response& response, std::string_view text) {
  INFO(response.status << " " << response.body);
  return response.body.find(text) != std::string::npos;
}

TEST_CASE("an answer has its default values, names in camel case, and 64 bits as text") {
  testing::Book book;
  book.set_display_title("x");
  const auto response = MakeResponse(Served(Method::kGet, "/v1/books/7"), book);
  REQUIRE(response.ok());
  CHECK(response->status == 200);
  CHECK(response->body ==
        R"({"id":"","displayTitle":"x","kind":"KIND_UNSPECIFIED","authors":[],"copies":"0",)"
        R"("cover":"","chapters":{},"price":0,"etag":""})");
}

TEST_CASE("what makes something is 201, what has nothing to say is 204 without a body") {
  CHECK(MakeResponse(Served(Method::kPost, "/v1/books"), testing::Book())->status == 201);
  const auto deleted = MakeResponse(Served(Method::kDelete, "/v1/books/7"), testing::Nothing());
  CHECK(deleted->status == 204);
  CHECK(deleted->body.empty());
}

TEST_CASE("response_body picks one field, also an empty one") {
  testing::ListBooksResponse list;
  CHECK(MakeResponse(Served(Method::kGet, "/v1/books:plain"), list)->body == "[]");
  list.add_books()->set_id("7");
  list.set_total_size(1);
  const std::string body = MakeResponse(Served(Method::kGet, "/v1/books:plain"), list)->body;
  CHECK(body.starts_with(R"([{"id":"7")"));
  CHECK(body.find("totalSize") == std::string::npos);
}

TEST_CASE("each code has its HTTP status, and the problem names the code") {
  struct Case {
    grpc::StatusCode code;
    int http;
    const char* name;
  };
  const Case kCases[] = {
      {grpc::StatusCode::CANCELLED, 499, "CANCELLED"},
      {grpc::StatusCode::UNKNOWN, 500, "UNKNOWN"},
      {grpc::StatusCode::INVALID_ARGUMENT, 400, "INVALID_ARGUMENT"},
      {grpc::StatusCode::DEADLINE_EXCEEDED, 504, "DEADLINE_EXCEEDED"},
      {grpc::StatusCode::NOT_FOUND, 404, "NOT_FOUND"},
      {grpc::StatusCode::ALREADY_EXISTS, 409, "ALREADY_EXISTS"},
      {grpc::StatusCode::PERMISSION_DENIED, 403, "PERMISSION_DENIED"},
      {grpc::StatusCode::UNAUTHENTICATED, 401, "UNAUTHENTICATED"},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, 429, "RESOURCE_EXHAUSTED"},
      {grpc::StatusCode::FAILED_PRECONDITION, 400, "FAILED_PRECONDITION"},
      {grpc::StatusCode::ABORTED, 409, "ABORTED"},
      {grpc::StatusCode::OUT_OF_RANGE, 400, "OUT_OF_RANGE"},
      {grpc::StatusCode::UNIMPLEMENTED, 501, "UNIMPLEMENTED"},
      {grpc::StatusCode::INTERNAL, 500, "INTERNAL"},
      {grpc::StatusCode::UNAVAILABLE, 503, "UNAVAILABLE"},
      {grpc::StatusCode::DATA_LOSS, 500, "DATA_LOSS"},
  };
  for (const Case& c : kCases) {
    const http::Response response = ProblemOfCall(grpc::Status(c.code, "words"), "r-1");
    INFO(c.name);
    CHECK(response.status == c.http);
    CHECK(response.content_type == "application/problem+json");
    CHECK(Has(response, std::string(R"("grpcCode":")") + c.name + "\""));
    CHECK(Has(response, R"("requestId":"r-1")"));
  }
}

TEST_CASE("a third party that fails is 502, with its status, and says when to come back") {
  const absl::Status failed =
      WithRetryAfter(WithReason(absl::UnavailableError("the service answered 503"),
                                "UPSTREAM_FAILED", {{"http_status", "503"}, {"acted", "maybe"}}),
                     absl::Seconds(7));
  const http::Response response = ProblemOfCall(rpc::ToGrpcStatus(failed), "r");
  CHECK(response.status == 502);
  CHECK(Header(response, "Retry-After") == "7");
  CHECK(Has(response, R"("code":"UPSTREAM_FAILED")"));
  CHECK(Has(response, "answered 503"));
  CHECK(Has(response, R"("upstreamStatus":503)"));
  const absl::Status limited = WithReason(absl::UnavailableError("slow down"), "RATE_LIMITED");
  CHECK(ProblemOfCall(rpc::ToGrpcStatus(limited), "r").status == 503);
  const absl::Status denied = WithReason(absl::FailedPreconditionError("x"), "UPSTREAM_NEVER");
  CHECK(ProblemOfCall(rpc::ToGrpcStatus(denied), "r").status == 400);
}

TEST_CASE("what gRPC says about a connection names addresses and stays inside") {
  for (grpc::StatusCode code : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::INTERNAL,
                                grpc::StatusCode::UNKNOWN, grpc::StatusCode::UNIMPLEMENTED}) {
    const http::Response response =
        ProblemOfCall(grpc::Status(code, "ipv4:10.0.0.7:50051: connection refused"), "r");
    CHECK(!Has(response, "10.0.0.7"));
  }
  const http::Response away = ProblemOfCall(grpc::Status(grpc::StatusCode::UNAVAILABLE, "x"), "r");
  CHECK(Header(away, "Retry-After") == "1");
  CHECK(Has(away, "SERVICE_UNAVAILABLE"));
}

TEST_CASE("wrong fields are listed, and bad credentials say how to give good ones") {
  const absl::Status wrong = BadRequest({{"a.b", "too long"}, {"c", "too \"short\""}});
  const http::Response response = ProblemOfCall(rpc::ToGrpcStatus(wrong), "r");
  CHECK(response.status == 400);
  CHECK(Has(response, R"({"field":"a.b","description":"too long"})"));
  CHECK(Has(response, R"("too \"short\"")"));
  const grpc::Status unknown(grpc::StatusCode::UNAUTHENTICATED, "who are you");
  CHECK(Header(ProblemOfCall(unknown, "r"), "WWW-Authenticate") == "Bearer");
}

}  // namespace
}  // namespace penstock::transcoding
