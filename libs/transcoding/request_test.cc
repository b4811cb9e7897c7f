#include "libs/transcoding/request.h"

#include <catch2/catch.hpp>
#include <string>

#include "google/protobuf/util/json_util.h"
#include "libs/status/details.h"
#include "libs/transcoding/route_table.h"
#include "libs/transcoding/testing/library.pb.h"

namespace penstock::transcoding {
namespace {

using http::Method;

const RouteTable& Routes() {
  static const RouteTable table = *RouteTable::Create(
      *BindingsOf(*testing::Book::descriptor()->file()->FindServiceByName("Library")));
  return table;
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Make(Method method,
                                                                std::string_view target,
                                                                std::string_view body = {}) {
  const size_t question = std::min(target.find('?'), target.size());
  const RouteTable::Found found = Routes().Find(method, target.substr(0, question));
  REQUIRE(found.binding != nullptr);
  target.remove_prefix(std::min(question + 1, target.size()));
  return MakeRequest(*found.binding, {found.values, target, body});
}

// The request as compact JSON, or "field: description; ..." or the error's words.
std::string Outcome(Method method, std::string_view target, std::string_view body = {}) {
  const auto made = Make(method, target, body);
  std::string text;
  if (made.ok()) {
    REQUIRE(google::protobuf::util::MessageToJsonString(**made, &text).ok());
    return text;
  }
  CHECK(absl::IsInvalidArgument(made.status()));
  for (const FieldViolation& violation : ViolationsOf(made.status())) {
    text += (text.empty() ? "" : "; ") + violation.field + ": " + violation.description;
  }
  return text.empty() ? ReasonOf(made.status()) + " " + std::string(made.status().message()) : text;
}

std::string Query(std::string_view query) {
  return Outcome(Method::kGet, "/v1/search?" + std::string(query));
}

bool Has(const std::string& text, std::string_view part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

TEST_CASE("variables of the path are fields of the request") {
  CHECK(Outcome(Method::kGet, "/v1/books/7") == R"({"id":"7"})");
  CHECK(Outcome(Method::kGet, "/v1/books/a%20b%2Fc") == R"({"id":"a b/c"})");
  CHECK(Outcome(Method::kGet, "/v1/shelves/1/books/a%2Fb") ==
        R"({"path":"shelves/1/books/a%2Fb"})");
  CHECK(Outcome(Method::kGet, "/v1/files/x/y%20z?id=3") == R"({"id":"3","path":"x/y z"})");
  CHECK(Has(Outcome(Method::kGet, "/v1/books/%ff"), "MALFORMED_URL"));
  CHECK(Has(Outcome(Method::kGet, "/v1/books/%zz"), "MALFORMED_URL"));
  CHECK(Has(Outcome(Method::kGet, "/v1/books/%00"), "MALFORMED_URL"));
}

TEST_CASE("query parameters of every type convert") {
  const std::pair<const char*, const char*> kCases[] = {
      {"", "{}"},
      {"limit=7", R"({"limit":7})"},
      {"offset=18446744073709551615", R"({"offset":"18446744073709551615"})"},
      {"weight=1.5", R"({"weight":1.5})"},
      {"kinds=KIND_NOVEL&kinds=0", R"({"kinds":["KIND_NOVEL","KIND_UNSPECIFIED"]})"},
      {"years=1&years=-2", R"({"years":[1,-2]})"},
      {"word=a+b%26c", R"({"word":"a b&c"})"},
      {"word=", R"({"word":""})"},
      {"copies=9", R"({"copies":"9"})"},
      {"after=2026-01-02T03:04:05Z", R"({"after":"2026-01-02T03:04:05Z"})"},
      {"at_most=1.5s", R"({"atMost":"1.500s"})"},
      {"atMost=2s", R"({"atMost":"2s"})"},
      {"fields=displayTitle,kind", R"({"fields":"displayTitle,kind"})"},
      {"fields=display_title,kind", R"({"fields":"displayTitle,kind"})"},
      {"labels[color]=red", R"({"labels":{"color":"red"}})"},
      {"labels%5Ba.b%5D=x", R"({"labels":{"a.b":"x"}})"},
      {"like.display_title=x&like.displayTitle=", R"(like.display_title: it is given twice)"},
      {"like.displayTitle=x&like.isLent=false", R"({"like":{"displayTitle":"x","isLent":false}})"},
      {"like.authors=a&like.authors=b", R"({"like":{"authors":["a","b"]}})"},
      {"like.cover=_-8", R"({"like":{"cover":"/+8="}})"},
      {"like.print_time=2026-01-02T03:04:05Z", R"({"like":{"printTime":"2026-01-02T03:04:05Z"}})"},
  };
  for (const auto& [query, expected] : kCases) {
    INFO(query);
    CHECK(Query(query) == expected);
  }
}

TEST_CASE("a query parameter that does not fit is refused with its field and without its value") {
  const std::pair<const char*, const char*> kCases[] = {
      {"limit=-7", "limit: "},
      {"limit=4294967296", "limit: "},
      {"limit=", "limit: "},
      {"limit=%207", "limit: "},
      {"limit=0x7", "limit: "},
      {"limit=1&limit=2", "limit: it is given twice"},
      {"weight=nan", "weight: "},
      {"weight=1.5x", "weight: "},
      {"kinds=NOVEL", "kinds: "},
      {"kinds=99", "kinds: "},
      {"years=2147483648", "years: "},
      {"after=yesterday", "after: "},
      {"at_most=1m", "at_most: "},
      {"nobody=1", "nobody: there is no such field"},
      {"like.nobody=1", "like.nobody: there is no such field"},
      {"limit.x=1", "limit.x: there is no such field"},
      {"like=1", "like: it is a message"},
      {"like.extra=1", "like.extra: it is a message"},
      {"like.chapters[a]=x", "like.chapters[a]: it is a message"},
      {"examples=1", "examples: messages can't be repeated"},
      {"examples.id=1", "examples.id: examples is repeated"},
      {"labels=1", "labels: it is a map"},
      {"years[0]=1", "years[0]: that is no map"},
      {"like.is_lent=1", "like.is_lent: it must be true or false"},
      {"like.cover=%3F", "like.cover: it must be base64"},
      {"nobody=1&limit=x", "nobody: there is no such field; limit: "},
  };
  for (const auto& [query, expected] : kCases) {
    INFO(query);
    CHECK(Query(query).starts_with(expected));
  }
  CHECK(!Has(Query("limit=hunter2"), "hunter2"));
  CHECK(Has(Query("limit=%zz"), "MALFORMED_URL"));
  std::string many = "limit=1";
  for (int i = 0; i < 100; ++i) many += "&years=1";
  CHECK(Has(Query(many), "MALFORMED_URL"));
}

TEST_CASE("a body is the request, or one field of it") {
  CHECK(Outcome(Method::kPost, "/v1/books",
                R"({"book":{"display_title":"x","kind":1},"secrets":{"a":"b"}})") ==
        R"({"book":{"displayTitle":"x","kind":"KIND_NOVEL"},"secrets":{"a":"b"}})");
  CHECK(Outcome(Method::kPost, "/v1/books") == "{}");
  CHECK(Outcome(Method::kPost, "/v1/books/7/tags?replace=true", R"(["a","b"])") ==
        R"({"id":"7","tags":["a","b"],"replace":true})");
  CHECK(Outcome(Method::kPost, "/v1/books/7/tags", "7").starts_with("tags: "));
  CHECK(Has(Outcome(Method::kPost, "/v1/books/7/tags?tags=x", "[]"),
            "tags: it is in the path or the body"));
  CHECK(Has(Outcome(Method::kPost, "/v1/books?book.id=1", "{}"), "book.id: this path takes"));
  CHECK(Has(Outcome(Method::kGet, "/v1/books/7", "{}"), "MALFORMED_BODY"));
  CHECK(Has(Outcome(Method::kGet, "/v1/books/7?id=8"), "id: it is in the path"));
}

TEST_CASE("a body that is not right is refused, the place named and no value repeated") {
  const std::pair<const char*, const char*> kCases[] = {
      {R"({"nobody":1})", "nobody: there is no such field"},
      {R"({"book":{"titel":"x"}})", "book.titel: there is no such field"},
      {R"({"book":{"chapters":{"one":{"titel":"x"}}}})",
       "book.chapters.one.titel: there is no such"},
      {R"({"book":{"id":"a","id":"b"}})", "book.id: it comes twice"},
      {R"({"book":{"display_title":"a","displayTitle":"b"}})",
       "book.display_title: it comes twice"},
      {R"({"secrets":{"a":"1","a":"2"}})", "secrets.a: it comes twice"},
      {R"({"book":{"extra":{"x":[{"y":1,"y":2}]}}})", "book.extra.x[0].y: it comes twice"},
      {R"({"book":{"copies":"hunter2"}})", "book.copies: the value does not fit"},
      {R"({"book":{"kind":"hunter2"}})", "book.kind: the value does not fit"},
      {R"({"book":{"print_time":"hunter2"}})", "book.print_time: the value does not fit"},
      {R"({"book":"hunter2"})", ""},
      {R"([1])", "MALFORMED_BODY"},
      {R"({"secrets":{"a": hunter2}})", "MALFORMED_BODY"},
      {"{\"secrets\":{\"a\":\"\xff\"}}", "MALFORMED_BODY"},
      {"{} {}", "MALFORMED_BODY"},
  };
  for (const auto& [body, expected] : kCases) {
    const std::string outcome = Outcome(Method::kPost, "/v1/books", body);
    INFO(body << " -> " << outcome);
    CHECK(outcome.starts_with(expected));
    CHECK(!outcome.starts_with("{"));
    CHECK(outcome.find("hunter2") == std::string::npos);
  }
  const std::string deep =
      R"({"book":{"extra":{"x":)" + std::string(60, '[') + std::string(60, ']') + "}}}";
  CHECK(Has(Outcome(Method::kPost, "/v1/books", deep), "MALFORMED_BODY"));
  const std::string too_deep = std::string(70, '[') + std::string(70, ']');
  CHECK(Has(Outcome(Method::kPost, "/v1/books", too_deep), "64"));
}

TEST_CASE("JSON of data nests as deep as protobuf reads messages") {
  auto nested = [](int levels) {
    std::string json = "1";
    for (int i = 0; i < levels; ++i) json = R"({"x":)" + json + "}";
    return R"({"book":{"extra":)" + json + "}}";
  };
  CHECK(Outcome(Method::kPost, "/v1/books", nested(28)) == nested(28));
  CHECK(Has(Outcome(Method::kPost, "/v1/books", nested(40)), "nests too deep"));
}

TEST_CASE("PATCH and PUT say in their JSON which fields they change") {
  CHECK(Outcome(Method::kPatch, "/v1/books/7", R"({"displayTitle":"x","is_lent":null})") ==
        R"({"book":{"id":"7","displayTitle":"x"},"updateMask":"displayTitle,isLent"})");
  CHECK(Outcome(Method::kPatch, "/v1/books/7?update_mask=kind&allow_missing=true",
                R"({"displayTitle":"x"})") ==
        R"({"book":{"id":"7","displayTitle":"x"},"updateMask":"kind","allowMissing":true})");
  CHECK(Outcome(Method::kPut, "/v1/books/7", R"({"book":{"kind":"KIND_NOVEL","extra":{"a":1}}})") ==
        R"({"book":{"id":"7","kind":"KIND_NOVEL","extra":{"a":1}},"updateMask":"kind,extra"})");
  CHECK(Outcome(Method::kPut, "/v1/books/7", R"({"book":{"kind":1},"updateMask":"authors"})") ==
        R"({"book":{"id":"7","kind":"KIND_NOVEL"},"updateMask":"authors"})");
  CHECK(Outcome(Method::kPatch, "/v1/books/7", R"({"etag":"e","kind":1})") ==
        R"({"book":{"id":"7","kind":"KIND_NOVEL","etag":"e"},"updateMask":"kind"})");
  CHECK(Outcome(Method::kPatch, "/v1/books/7", "{}") == R"({"book":{"id":"7"}})");
  CHECK(Outcome(Method::kPut, "/v1/books/7", "{}") == R"({"book":{"id":"7"}})");
}

TEST_CASE("a body that names what the path names must name the same") {
  CHECK(Outcome(Method::kPatch, "/v1/books/7", R"({"id":"7","kind":1})") ==
        R"({"book":{"id":"7","kind":"KIND_NOVEL"},"updateMask":"kind"})");
  CHECK(Has(Outcome(Method::kPatch, "/v1/books/7", R"({"id":"8"})"),
            "book.id: the body says another"));
  CHECK(Has(Outcome(Method::kPatch, "/v1/books/7?book.id=8", "{}"), "book.id: it is in the path"));
}

}  // namespace
}  // namespace penstock::transcoding
