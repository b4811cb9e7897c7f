#include "libs/paging/paging.h"

#include <catch2/catch.hpp>
#include <string>

namespace penstock::paging {
namespace {

TEST_CASE("page sizes have a default, a maximum and no negative") {
  CHECK(PageSize(0).value() == 20);
  CHECK(PageSize(1).value() == 1);
  CHECK(PageSize(200).value() == 200);
  CHECK(PageSize(100000).value() == 200);
  CHECK(PageSize(-1).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a token gives back its position for the same list only") {
  std::string position("a\0b", 3);
  std::string token = MakePageToken(position, "list one");
  CHECK(ReadPageToken(token, "list one").value() == position);
  CHECK(ReadPageToken(token, "list two").status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(ReadPageToken("", "list one").value().empty());
}

TEST_CASE("junk is no token") {
  for (const std::string& junk : {std::string("x"), std::string("!!!!"), std::string(5000, 'A'),
                                  std::string("AAAAAAAAAAA"), std::string("\xff\xfe")}) {
    INFO(junk);
    CHECK(ReadPageToken(junk, "list").status().code() == absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace penstock::paging
