#include "libs/transcoding/route_table.h"

#include <catch2/catch.hpp>
#include <string>

#include "libs/transcoding/testing/library.pb.h"
#include "libs/transcoding/testing/wrong.pb.h"

namespace penstock::transcoding {
namespace {

using google::protobuf::ServiceDescriptor;
using http::Method;

const ServiceDescriptor& ServiceOf(const google::protobuf::FileDescriptor& file,
                                   const std::string& name) {
  const ServiceDescriptor* service = file.FindServiceByName(name);
  REQUIRE(service != nullptr);
  return *service;
}

RouteTable Routes() {
  const auto bindings = BindingsOf(ServiceOf(*testing::Book::descriptor()->file(), "Library"));
  INFO(bindings.status());
  REQUIRE(bindings.ok());
  absl::StatusOr<RouteTable> table = RouteTable::Create(*bindings);
  INFO(table.status());
  REQUIRE(table.ok());
  return *table;
}

std::string ServedBy(const RouteTable& routes, Method method, std::string_view path) {
  const RouteTable::Found found = routes.Find(method, path);
  return found.binding == nullptr ? "" : found.binding->method->name();
}

TEST_CASE("every annotation is a route, additional ones too, and a method without one is none") {
  CHECK(Routes().bindings().size() == 11);
  CHECK(ServedBy(Routes(), Method::kPost, "/v1/books") == "CreateBook");
  CHECK(ServedBy(Routes(), Method::kGet, "/v1/books") == "ListBooks");
  CHECK(ServedBy(Routes(), Method::kHead, "/v1/books") == "ListBooks");
  CHECK(ServedBy(Routes(), Method::kGet, "/v1/books:plain") == "ListBooks");
  CHECK(ServedBy(Routes(), Method::kGet, "/v1/books/7") == "GetBook");
  CHECK(ServedBy(Routes(), Method::kGet, "/v1/shelves/1/books/2") == "GetBook");
  CHECK(ServedBy(Routes(), Method::kGet, "/v1/files/a/b") == "GetBook");
  CHECK(ServedBy(Routes(), Method::kPatch, "/v1/books/7") == "UpdateBook");
  CHECK(ServedBy(Routes(), Method::kPut, "/v1/books/7") == "UpdateBook");
  CHECK(ServedBy(Routes(), Method::kDelete, "/v1/books/7") == "DeleteBook");
  CHECK(ServedBy(Routes(), Method::kGet, "/v1/nothing") == "");
  CHECK(ServedBy(Routes(), Method::kOther, "/v1/books") == "");
}

TEST_CASE("a path that others serve says which methods it has") {
  const RouteTable::Found found = Routes().Find(Method::kPost, "/v1/books/7");
  CHECK(found.binding == nullptr);
  CHECK(AllowOf(found.methods) == "GET, HEAD, PATCH, PUT, DELETE, OPTIONS");
  CHECK(Routes().Find(Method::kPost, "/v1/nothing").methods.empty());
}

TEST_CASE("of several templates that match the most literal serves, in whatever order they come") {
  Binding literal{.http_method = Method::kGet, .path = *PathTemplate::Parse("/v1/a")};
  Binding one{.http_method = Method::kGet, .path = *PathTemplate::Parse("/v1/*")};
  Binding rest{.http_method = Method::kGet, .path = *PathTemplate::Parse("/v1/**")};
  const std::vector<std::vector<Binding>> orders = {
      {literal, one, rest}, {rest, one, literal}, {one, rest, literal}};
  for (const auto& order : orders) {
    const RouteTable table = *RouteTable::Create(order);
    CHECK(table.Find(Method::kGet, "/v1/a").binding->path.text() == "/v1/a");
    CHECK(table.Find(Method::kGet, "/v1/b").binding->path.text() == "/v1/*");
    CHECK(table.Find(Method::kGet, "/v1/a/b").binding->path.text() == "/v1/**");
  }
}

TEST_CASE("an annotation that can't be kept is refused at start, with its method named") {
  const auto& file = *testing::WrongRequest::descriptor()->file();
  const std::pair<const char*, const char*> kCases[] = {
      {"UnknownVariable", "nobody"},   {"RepeatedVariable", "names"},
      {"MessageVariable", "inner"},    {"UnknownBody", "nobody"},
      {"BodyOfGet", "no body"},        {"UnknownResponseBody", "nobody"},
      {"NoPattern", "one of get"},     {"BadTemplate", "not last"},
      {"Nested", "none of their own"}, {"Streaming", "streams"},
  };
  for (const auto& [service, why] : kCases) {
    const absl::Status status = BindingsOf(ServiceOf(file, service)).status();
    INFO(service << " " << status);
    CHECK(absl::IsInvalidArgument(status));
    CHECK(std::string(status.message()).find(why) != std::string::npos);
    CHECK(std::string(status.message()).find(std::string(service) + ".Call") != std::string::npos);
  }
}

TEST_CASE("templates of which neither is more literal are refused at start") {
  const auto bindings =
      BindingsOf(ServiceOf(*testing::WrongRequest::descriptor()->file(), "Ambiguous"));
  REQUIRE(bindings.ok());
  const absl::Status status = RouteTable::Create(*bindings).status();
  CHECK(absl::IsInvalidArgument(status));
  CHECK(std::string(status.message()).find("/v1/things/{id}") != std::string::npos);
}

}  // namespace
}  // namespace penstock::transcoding
