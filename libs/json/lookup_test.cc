#include "libs/json/lookup.h"

#include <catch2/catch.hpp>

namespace penstock::json {
namespace {

std::string JsonAt(std::string_view text, std::string_view path) {
  Lookup lookup(text);
  std::string out;
  return lookup.AppendJson(*ParsePath(path), 0, out) ? out : "none";
}

TEST_CASE("values are found and written compactly, numbers as they were") {
  const char* text = R"( { "a" : [ 1.10 , { "b" : "x\ny" } ] , "n" : null, "big":1e400 } )";
  CHECK(JsonAt(text, "a") == R"([1.10,{"b":"x\ny"}])");
  CHECK(JsonAt(text, "a[0]") == "1.10");
  CHECK(JsonAt(text, "a.1.b") == R"("x\ny")");
  CHECK(JsonAt(text, "n") == "null");
  CHECK(JsonAt(text, "big") == "1e400");
}

TEST_CASE("a lookup answers many questions, in any order") {
  Lookup lookup(R"({"a":{"x":1},"b":[10,20],"c":"t"})");
  std::string out;
  for (int i = 0; i < 3; ++i) {
    for (const char* path : {"c", "b[1]", "a.x", "b[0]", "missing", "a"}) {
      lookup.AppendText(*ParsePath(path), 0, out);
      out += ' ';
    }
  }
  CHECK(out.substr(0, 26) == "t 20 1 10  {\"x\":1} t 20 1 ");
}

TEST_CASE("several lookups live side by side") {
  Lookup first(R"({"a":1})");
  Lookup second(R"({"a":2})");
  std::string out;
  first.AppendText(*ParsePath("a"), 0, out);
  second.AppendText(*ParsePath("a"), 0, out);
  first.AppendText(*ParsePath("a"), 0, out);
  CHECK(out == "121");
}

TEST_CASE("keys that the text writes with escapes are found") {
  CHECK(JsonAt("{\"h\\u00e4\":1}", "hä") == "1");
}

TEST_CASE("nothing is found where nothing is, or in what is not JSON") {
  for (const char* text : {"", "5", "\"s\"", "null", "[]", "{", "{\"a\"", "{\"b\":1}", "\xff"}) {
    INFO(text);
    CHECK(JsonAt(text, "a") == "none");
  }
}

TEST_CASE("a large text is found like a small one") {
  const std::string text = "{\"pad\":\"" + std::string(1 << 20, 'x') + "\",\"a\":7}";
  CHECK(JsonAt(text, "a") == "7");
}

}  // namespace
}  // namespace penstock::json
