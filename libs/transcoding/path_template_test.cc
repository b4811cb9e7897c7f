#include "libs/transcoding/path_template.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace penstock::transcoding {
namespace {

using Values = std::vector<std::string_view>;

PathTemplate Template(std::string_view text) {
  absl::StatusOr<PathTemplate> parsed = PathTemplate::Parse(text);
  INFO(text << " " << parsed.status());
  REQUIRE(parsed.ok());
  return *parsed;
}

TEST_CASE("a template matches the paths of its form and says what its variables are") {
  struct Case {
    const char* pattern;
    const char* path;
    std::optional<Values> values;
  };
  const Case kCases[] = {
      {"/v1/books", "/v1/books", Values{}},
      {"/v1/books", "/v1/books/", std::nullopt},
      {"/v1/books", "/v1//books", std::nullopt},
      {"/v1/books", "/V1/books", std::nullopt},
      {"/v1/books", "", std::nullopt},
      {"/v1/books", "v1/books", std::nullopt},
      {"/v1/books/{id}", "/v1/books/7", Values{"7"}},
      {"/v1/books/{id}", "/v1/books/a%2Fb", Values{"a%2Fb"}},
      {"/v1/books/{id}", "/v1/books/", std::nullopt},
      {"/v1/books/{id}", "/v1/books/a/b", std::nullopt},
      {"/v1/books/{book.id=*}/tags/{tag}", "/v1/books/7/tags/x", (Values{"7", "x"})},
      {"/v1/*/books", "/v1/any/books", Values{}},
      {"/v1/{name=shelves/*/books/*}", "/v1/shelves/1/books/2", Values{"shelves/1/books/2"}},
      {"/v1/{name=shelves/*/books/*}", "/v1/shelves/1/papers/2", std::nullopt},
      {"/v1/{path=**}", "/v1/a/b/c", Values{"a/b/c"}},
      {"/v1/{path=**}", "/v1", Values{""}},
      {"/v1/{path=**}", "/v1/a//c", std::nullopt},
      {"/v1/{path=files/**}", "/v1/files/a/b", Values{"files/a/b"}},
      {"/v1/{path=files/**}", "/v1/files", Values{"files"}},
      {"/v1/books/{id}:lend", "/v1/books/7:lend", Values{"7"}},
      {"/v1/books/{id}:lend", "/v1/books/7:give", std::nullopt},
      {"/v1/books/{id}:lend", "/v1/books/:lend", std::nullopt},
      {"/v1/books/{id}:lend", "/v1/books/7lend", std::nullopt},
      {"/v1/books:all", "/v1/books:all", Values{}},
      {"/v1/books:all", "/v1/books", std::nullopt},
      {"/v1/{path=**}:lend", "/v1/a/b:lend", Values{"a/b"}},
  };
  for (const Case& c : kCases) {
    INFO(c.pattern << " " << c.path);
    CHECK(Template(c.pattern).Match(c.path) == c.values);
  }
}

TEST_CASE("a path that climbs matches nothing, however it is written") {
  for (const char* path : {"/v1/..", "/v1/.", "/v1/%2e%2e", "/v1/%2E.", "/v1/.%2e", "/v1/%2e",
                           "/v1/a/../b", "/v1/a/%2e%2E/b"}) {
    INFO(path);
    CHECK(!Template("/v1/{path=**}").Match(path));
    CHECK(!Template("/v1/{id}").Match(path));
  }
  CHECK(Template("/v1/{id}").Match("/v1/..."));
  CHECK(Template("/v1/{id}").Match("/v1/a..b"));
}

TEST_CASE("a template that is none is refused") {
  for (const char* text :
       {"",        "v1",          "/",           "/v1/",     "/v1//x",    "/v1/{",        "/v1/{}",
        "/v1/{a",  "/v1/{a=}",    "/v1/{a=*",    "/v1/{a}b", "/v1/**/x",  "/v1/{a=**}/x", "/v1/a*",
        "/v1/***", "/v1/{a={b}}", "/v1/{a}/{a}", "/v1/x:",   "/v1/x:a:b", "/v1/x:a/b",    "/v1/}",
        "/v1/a=b"}) {
    INFO(text);
    CHECK(absl::IsInvalidArgument(PathTemplate::Parse(text).status()));
  }
}

TEST_CASE("the more literal of two templates is known, and two of which neither is are ambiguous") {
  struct Case {
    const char* first;
    const char* second;
    Overlap overlap;
  };
  const Case kCases[] = {
      {"/v1/a", "/v1/b", Overlap::kNone},
      {"/v1/a", "/v1/a/b", Overlap::kNone},
      {"/v1/{x}", "/v1/{x}/b", Overlap::kNone},
      {"/v1/a", "/v1/{x}", Overlap::kFirstWithin},
      {"/v1/{x}", "/v1/a", Overlap::kSecondWithin},
      {"/v1/{x}", "/v1/{y}", Overlap::kAmbiguous},
      {"/v1/a", "/v1/a", Overlap::kAmbiguous},
      {"/v1/a/{x}", "/v1/{y}/b", Overlap::kAmbiguous},
      {"/v1/a/b", "/v1/{y}/b", Overlap::kFirstWithin},
      {"/v1/{x}", "/v1/{y=**}", Overlap::kFirstWithin},
      {"/v1", "/v1/{y=**}", Overlap::kFirstWithin},
      {"/v1/{x=**}", "/v1/{y=**}", Overlap::kAmbiguous},
      {"/v1/{x=**}", "/v1/a/{y=**}", Overlap::kSecondWithin},
      {"/v1/a/{x=**}", "/v1/{y}", Overlap::kAmbiguous},
      {"/v1/a/{x=**}", "/v1/b/{y=**}", Overlap::kNone},
      {"/v1/a:x", "/v1/a:y", Overlap::kNone},
      {"/v1/a:x", "/v1/a", Overlap::kNone},
      {"/v1/{a}:x", "/v1/{b}", Overlap::kFirstWithin},
      {"/v1/{a}", "/v1/{b}:x", Overlap::kSecondWithin},
      {"/v1/a:x", "/v1/{b}", Overlap::kFirstWithin},
      {"/v1/a:x", "/v1/{b}:x", Overlap::kFirstWithin},
  };
  for (const Case& c : kCases) {
    INFO(c.first << " " << c.second);
    CHECK(Compare(Template(c.first), Template(c.second)) == c.overlap);
  }
}

TEST_CASE("a variable of one segment is decoded whole, one of several keeps its slashes apart") {
  CHECK(DecodeVariable("a%2Fb%20c", false) == "a/b c");
  CHECK(DecodeVariable("a%2Fb%20c/d%2fe", true) == "a%2Fb c/d%2fe");
  CHECK(DecodeVariable("", true) == "");
  CHECK(DecodeVariable("%2F", true) == "%2F");
  CHECK(DecodeVariable("a+b", false) == "a+b");
  for (const char* malformed : {"%", "%2", "%zz", "a%", "%ff", "%00", "%c3%28"}) {
    INFO(malformed);
    CHECK(!DecodeVariable(malformed, false));
    CHECK(!DecodeVariable(malformed, true));
  }
}

}  // namespace
}  // namespace penstock::transcoding
