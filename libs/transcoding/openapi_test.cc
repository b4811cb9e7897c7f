#include "libs/transcoding/openapi.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "libs/transcoding/testing/library.pb.h"

namespace penstock::transcoding {
namespace {

using nlohmann::json;

json Document() {
  const RouteTable table = *RouteTable::Create(
      *BindingsOf(*testing::Book::descriptor()->file()->FindServiceByName("Library")));
  return json::parse(OpenApiOf(table, {.title = "Library", .version = "v1"}));
}

std::set<std::string> Parameters(const json& operation, const std::string& in) {
  std::set<std::string> names;
  for (const json& parameter : operation.value("parameters", json::array())) {
    if (parameter["in"] == in) names.insert(parameter["name"]);
  }
  return names;
}

TEST_CASE("the document has every path with its methods, and no id twice") {
  const json document = Document();
  CHECK(document["openapi"] == "3.0.3");
  std::set<std::string> operations;
  size_t count = 0;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      operations.insert(operation["operationId"]);
      ++count;
    }
  }
  CHECK(count == 11);
  CHECK(operations.size() == count);
  CHECK(document["paths"]["/v1/books/{id}"].contains("patch"));
  CHECK(!document["paths"].contains("/v1/books/{book.id}"));
  CHECK(document["paths"].contains("/v1/{path}"));
  CHECK(document["paths"].contains("/v1/books:plain"));
}

TEST_CASE("parameters are what path and query take") {
  const json paths = Document()["paths"];
  const json& search = paths["/v1/search"]["get"];
  CHECK(Parameters(search, "query").contains("like.displayTitle"));
  CHECK(Parameters(search, "query").contains("labels"));
  CHECK(!Parameters(search, "query").contains("examples"));
  const json& update = paths["/v1/books/{id}"]["patch"];
  CHECK(Parameters(update, "path") == std::set<std::string>{"id"});
  CHECK(Parameters(update, "query") == std::set<std::string>{"updateMask", "allowMissing"});
  CHECK(Parameters(paths["/v1/books"]["post"], "query").empty());
}

TEST_CASE("bodies and answers refer to schemas that are there") {
  const json document = Document();
  const json& create = document["paths"]["/v1/books"]["post"];
  CHECK(create["requestBody"]["content"]["application/json"]["schema"]["$ref"] ==
        "#/components/schemas/penstock.transcoding.testing.CreateBookRequest");
  CHECK(create["responses"].contains("201"));
  CHECK(document["paths"]["/v1/books/{id}"]["delete"]["responses"]["204"].contains("description"));
  CHECK(!document["paths"]["/v1/books/{id}"]["delete"]["responses"]["204"].contains("content"));
  const std::string text = document.dump();
  for (size_t at = text.find("#/components/schemas/"); at != text.npos;
       at = text.find("#/components/schemas/", at + 1)) {
    const std::string name = text.substr(at + 21, text.find('"', at) - at - 21);
    INFO(name);
    CHECK(document["components"]["schemas"].contains(name));
    CHECK(document["components"]["schemas"][name].is_object());
  }
  const json& book = document["components"]["schemas"]["penstock.transcoding.testing.Book"];
  CHECK(book["properties"]["copies"]["format"] == "int64");
  CHECK(book["properties"]["kind"]["enum"].size() == 2);
  CHECK(book["properties"]["printTime"]["format"] == "date-time");
}

}  // namespace
}  // namespace penstock::transcoding
