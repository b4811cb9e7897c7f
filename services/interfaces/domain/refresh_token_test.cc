#include "services/interfaces/domain/refresh_token.h"

#include <catch2/catch.hpp>

#include "absl/time/clock.h"

namespace penstock::interfaces {
namespace {

RefreshToken Token() {
  return MakeRefreshToken(TenantId::Make(absl::Now()), SessionId::Make(absl::Now()));
}

TEST_CASE("a refresh token is read as it was written") {
  const RefreshToken token = Token();
  const std::string text = FormatRefreshToken(token);
  CHECK(text.starts_with("rt_"));
  const std::optional<RefreshToken> read = ParseRefreshToken(text);
  REQUIRE(read);
  CHECK(read->tenant == token.tenant);
  CHECK(read->session == token.session);
  CHECK(read->secret == token.secret);
}

TEST_CASE("what has not exactly the form is no refresh token") {
  const std::string text = FormatRefreshToken(Token());
  for (const std::string& other :
       {std::string(), std::string("rt_"), text.substr(1), text.substr(0, text.size() - 1),
        text + "A", text + "=", "RT_" + text.substr(3), "rt_" + std::string(86, '!')}) {
    CHECK_FALSE(ParseRefreshToken(other));
  }
}

TEST_CASE("a successor is the same for the same request, and another for any other") {
  const RefreshToken used = Token();
  const std::string salt(32, 's');
  const RefreshToken successor = SuccessorOf(used, salt, "request");
  CHECK(successor.tenant == used.tenant);
  CHECK(successor.session == used.session);
  CHECK(successor.secret.size() == 32);
  CHECK(successor.secret == SuccessorOf(used, salt, "request").secret);
  CHECK(successor.secret != used.secret);
  CHECK(successor.secret != SuccessorOf(used, salt, "other").secret);
  CHECK(successor.secret != SuccessorOf(used, std::string(32, 't'), "request").secret);
  CHECK(successor.secret != SuccessorOf(Token(), salt, "request").secret);
}

}  // namespace
}  // namespace penstock::interfaces
