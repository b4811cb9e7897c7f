#include "services/connector/ops/shown_answer.h"

#include <catch2/catch.hpp>

namespace penstock::connector {
namespace {

using Shown = std::map<std::string, std::string>;

TEST_CASE("A header that comes several times is shown as one list", "[shown_answer]") {
  CHECK(ShownHeaders({.headers = {{"link", "<a>"}, {"etag", "1"}, {"link", "<b>"}}}) ==
        Shown{{"etag", "1"}, {"link", "<a>, <b>"}});
}

TEST_CASE("Cookies are not shown, headers that are not UTF-8 are mended", "[shown_answer]") {
  CHECK(ShownHeaders(
            {.headers = {{"set-cookie", "s=1"}, {"set-cookie2", "s=1"}, {"x-name", "caf\xe9"}}}) ==
        Shown{{"x-name", "caf\uFFFD"}});
}

TEST_CASE("A body is shown by what it is", "[shown_answer]") {
  CHECK(BodyKindOf(R"({"a":1})") == BodyKind::kJson);
  CHECK(BodyKindOf("3") == BodyKind::kJson);
  CHECK(BodyKindOf(R"({"a":)") == BodyKind::kText);
  CHECK(BodyKindOf("") == BodyKind::kText);
  CHECK(BodyKindOf("\x89PNG") == BodyKind::kBytes);
}

}  // namespace
}  // namespace penstock::connector
