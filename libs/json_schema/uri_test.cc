#include "libs/json_schema/uri.h"

#include "catch2/catch.hpp"

namespace penstock::json_schema {
namespace {

TEST_CASE("references are resolved as RFC 3986, 5.4 has it") {
  struct Case {
    const char* reference;
    const char* resolved;
  };
  for (const Case& c : {Case{"g:h", "g:h"},
                        {"g", "http://a/b/c/g"},
                        {"./g", "http://a/b/c/g"},
                        {"g/", "http://a/b/c/g/"},
                        {"/g", "http://a/g"},
                        {"//g", "http://g"},
                        {"?y", "http://a/b/c/d;p?y"},
                        {"g?y", "http://a/b/c/g?y"},
                        {"#s", "http://a/b/c/d;p?q#s"},
                        {"g#s", "http://a/b/c/g#s"},
                        {"", "http://a/b/c/d;p?q"},
                        {".", "http://a/b/c/"},
                        {"..", "http://a/b/"},
                        {"../g", "http://a/b/g"},
                        {"../../../g", "http://a/g"},
                        {"g/./h", "http://a/b/c/g/h"},
                        {"g/../h", "http://a/b/c/h"}}) {
    INFO(c.reference);
    CHECK(ResolveUri("http://a/b/c/d;p?q", c.reference) == c.resolved);
  }
  CHECK(ResolveUri("", "#/definitions/a") == "#/definitions/a");
  CHECK(ResolveUri("http://a", "b") == "http://a/b");
  CHECK(ResolveUri("folder/x", "y") == "folder/y");
}

TEST_CASE("a fragment is split off") {
  CHECK(SplitFragment("http://a#b").resource == "http://a");
  CHECK(SplitFragment("http://a#b").fragment == "b");
  CHECK(SplitFragment("http://a").fragment.empty());
}

}  // namespace
}  // namespace penstock::json_schema
