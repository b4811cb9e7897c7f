#include "services/interfaces/domain/password_policy.h"

#include <catch2/catch.hpp>
#include <string>

#include "libs/status/details.h"

namespace penstock::interfaces {
namespace {

bool IsGood(const std::string& password) {
  return CheckPassword(password, "somebody@example.com", "new_password").ok();
}

TEST_CASE("a password has 12 to 128 characters, of whatever kind") {
  CHECK_FALSE(IsGood(""));
  CHECK_FALSE(IsGood("elevenchars"));
  CHECK(IsGood("twelve chars"));
  CHECK(IsGood(std::string(128, 'x')));
  CHECK_FALSE(IsGood(std::string(129, 'x')));
}

TEST_CASE("characters are counted, not bytes") {
  std::string eleven, hundred;
  for (int i = 0; i < 11; ++i) eleven += "\xF0\x9F\x94\x91";
  for (int i = 0; i < 100; ++i) hundred += "\xF0\x9F\x94\x91";
  CHECK_FALSE(IsGood(eleven));
  CHECK(IsGood(hundred));
}

TEST_CASE("the e-mail address is no password, in whatever case, and no refusal quotes one") {
  const absl::Status status =
      CheckPassword("Somebody@Example.com", "somebody@example.com", "new_password");
  REQUIRE(ViolationsOf(status).size() == 1);
  CHECK(ViolationsOf(status)[0].field == "new_password");
  CHECK(status.ToString().find("omebody") == std::string::npos);
}

}  // namespace
}  // namespace penstock::interfaces
