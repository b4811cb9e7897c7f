#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "libs/auth/api_key.h"
#include "libs/auth/api_key_authenticator.h"
#include "libs/auth/authenticator.h"
#include "libs/auth/service_token.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"

namespace penstock::auth {
namespace {

class ManualClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixMillis(millis_); }
  void Advance(absl::Duration by) { millis_ += absl::ToInt64Milliseconds(by); }

 private:
  std::atomic<int64_t> millis_ = 1'700'000'000'000;
};

constexpr absl::Time kNoDeadline = absl::InfiniteFuture();

ApiKeyRecord SomeRecord() {
  absl::Time now = absl::Now();
  return {.tenant = TenantId::Make(now),
          .api_key = ApiKeyId::Make(now),
          .user = UserId::Make(now),
          .project = std::nullopt,
          .role = Role::kOperator};
}

// A look-up that knows one key and counts how often it is asked.
struct OneKey {
  NewApiKey key = MakeApiKey(ApiKeyMode::kLive);
  ApiKeyRecord record = SomeRecord();
  std::atomic<int> lookups = 0;
  std::atomic<bool> broken = false;

  FindApiKey finder() {
    return
        [this](std::string_view hash, absl::Time) -> absl::StatusOr<std::optional<ApiKeyRecord>> {
          ++lookups;
          if (broken) return absl::UnavailableError("no database");
          if (hash != key.hash) return std::nullopt;
          return record;
        };
  }
};

TEST_CASE("a new key has the documented form, hash and prefix") {
  for (ApiKeyMode mode : {ApiKeyMode::kLive, ApiKeyMode::kTest}) {
    NewApiKey key = MakeApiKey(mode);
    CHECK(key.text.starts_with(mode == ApiKeyMode::kLive ? "pk_live_" : "pk_test_"));
    CHECK(key.text.size() == 8 + 43);
    CHECK(IsApiKey(key.text));
    CHECK(key.hash == crypto::Sha256(key.text));
    CHECK(key.prefix == key.text.substr(0, 16));
  }
  CHECK(MakeApiKey(ApiKeyMode::kLive).text != MakeApiKey(ApiKeyMode::kLive).text);
}

TEST_CASE("text of another form is not a key") {
  std::string good = MakeApiKey(ApiKeyMode::kLive).text;
  for (const std::string& text :
       {std::string(), good + "x", good.substr(0, 50), "pk_prod_" + good.substr(8),
        good.substr(0, 50) + "!", good.substr(0, 50) + "\n", std::string("pk_live_")}) {
    CAPTURE(text);
    CHECK_FALSE(IsApiKey(text));
  }
}

TEST_CASE("a known key gives the caller's identity") {
  OneKey known;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(known.finder(), clock);
  auto caller = authenticator.Authenticate(known.key.text, kNoDeadline);
  REQUIRE(caller.ok());
  CHECK(caller->tenant == known.record.tenant);
  CHECK(caller->api_key == known.record.api_key);
  CHECK(caller->user == known.record.user);
  CHECK(caller->role == Role::kOperator);
  CHECK_FALSE(caller->is_service());
}

TEST_CASE("an unknown or malformed key is refused with its reason and never repeated") {
  OneKey known;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(known.finder(), clock);
  std::string other = MakeApiKey(ApiKeyMode::kLive).text;
  auto unknown = authenticator.Authenticate(other, kNoDeadline).status();
  CHECK(unknown.code() == absl::StatusCode::kUnauthenticated);
  CHECK(ReasonOf(unknown) == kUnknownKey);
  CHECK(unknown.ToString().find(other.substr(8)) == std::string::npos);
  auto malformed = authenticator.Authenticate("pk_live_planted", kNoDeadline).status();
  CHECK(ReasonOf(malformed) == kMalformedCredentials);
  CHECK(malformed.ToString().find("planted") == std::string::npos);
  CHECK(known.lookups == 1);
}

TEST_CASE("a known key is looked up again after five seconds, an unknown one after two") {
  OneKey known;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(known.finder(), clock);
  auto ask = [&](const std::string& key) {
    authenticator.Authenticate(key, kNoDeadline).status().IgnoreError();
    return known.lookups.load();
  };
  CHECK(ask(known.key.text) == 1);
  clock.Advance(absl::Milliseconds(4'999));
  CHECK(ask(known.key.text) == 1);
  clock.Advance(absl::Milliseconds(1));
  CHECK(ask(known.key.text) == 2);

  std::string other = MakeApiKey(ApiKeyMode::kTest).text;
  CHECK(ask(other) == 3);
  clock.Advance(absl::Milliseconds(1'999));
  CHECK(ask(other) == 3);
  clock.Advance(absl::Milliseconds(1));
  CHECK(ask(other) == 4);
}

TEST_CASE("a key is not kept beyond its expiry") {
  OneKey known;
  ManualClock clock;
  known.record.expires_at = clock.Now() + absl::Seconds(1);
  ApiKeyAuthenticator authenticator(known.finder(), clock);
  CHECK(authenticator.Authenticate(known.key.text, kNoDeadline).ok());
  clock.Advance(absl::Seconds(1));
  CHECK_FALSE(authenticator.TryAuthenticate(known.key.text).has_value());
}

TEST_CASE("an answer is at hand only after a look-up") {
  OneKey known;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(known.finder(), clock);
  CHECK_FALSE(authenticator.TryAuthenticate(known.key.text).has_value());
  CHECK(known.lookups == 0);
  REQUIRE(authenticator.Authenticate(known.key.text, kNoDeadline).ok());
  auto at_hand = authenticator.TryAuthenticate(known.key.text);
  REQUIRE(at_hand.has_value());
  CHECK(at_hand->ok());
}

TEST_CASE("a failed look-up is an error of this call and not remembered") {
  OneKey known;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(known.finder(), clock);
  known.broken = true;
  CHECK(authenticator.Authenticate(known.key.text, kNoDeadline).status().code() ==
        absl::StatusCode::kUnavailable);
  known.broken = false;
  CHECK(authenticator.Authenticate(known.key.text, kNoDeadline).ok());
}

TEST_CASE("a thousand calls at once with one key make one look-up") {
  NewApiKey key = MakeApiKey(ApiKeyMode::kLive);
  ApiKeyRecord record = SomeRecord();
  std::atomic<int> lookups = 0;
  absl::Notification looking, go;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(
      [&](std::string_view, absl::Time) -> absl::StatusOr<std::optional<ApiKeyRecord>> {
        if (++lookups == 1) looking.Notify();
        go.WaitForNotification();
        return record;
      },
      clock);
  std::atomic<int> accepted = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 50; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        if (authenticator.Authenticate(key.text, kNoDeadline).ok()) ++accepted;
      }
    });
  }
  looking.WaitForNotification();
  go.Notify();
  for (std::thread& caller : callers) caller.join();
  CHECK(accepted == 1'000);
  CHECK(lookups == 1);
}

TEST_CASE("waiting for somebody else's look-up ends at the caller's own deadline") {
  NewApiKey key = MakeApiKey(ApiKeyMode::kLive);
  absl::Notification looking, go;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(
      [&](std::string_view, absl::Time) -> absl::StatusOr<std::optional<ApiKeyRecord>> {
        looking.Notify();
        go.WaitForNotification();
        return std::nullopt;
      },
      clock);
  std::thread first([&] { (void)authenticator.Authenticate(key.text, kNoDeadline); });
  looking.WaitForNotification();
  CHECK(authenticator.Authenticate(key.text, absl::Now() - absl::Seconds(1)).status().code() ==
        absl::StatusCode::kDeadlineExceeded);
  go.Notify();
  first.join();
}

TEST_CASE("made-up keys do not grow the cache beyond its bound, and the known key still works") {
  OneKey known;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(known.finder(), clock, {.max_entries = 64});
  for (int i = 0; i < 1'000; ++i) {
    (void)authenticator.Authenticate(MakeApiKey(ApiKeyMode::kTest).text, kNoDeadline);
  }
  CHECK(authenticator.size() <= 64);
  CHECK(authenticator.Authenticate(known.key.text, kNoDeadline).ok());
}

TEST_CASE("use of a key is told once, with the latest time, also when the entry was dropped") {
  OneKey known;
  ManualClock clock;
  ApiKeyAuthenticator authenticator(known.finder(), clock);
  CHECK(authenticator.TakeUsed().empty());
  REQUIRE(authenticator.Authenticate(known.key.text, kNoDeadline).ok());
  clock.Advance(absl::Seconds(1));
  REQUIRE(authenticator.Authenticate(known.key.text, kNoDeadline).ok());
  auto used = authenticator.TakeUsed();
  REQUIRE(used.size() == 1);
  CHECK(used[0].api_key == known.record.api_key);
  CHECK(used[0].tenant == known.record.tenant);
  CHECK(used[0].at == clock.Now());
  CHECK(authenticator.TakeUsed().empty());

  REQUIRE(authenticator.Authenticate(known.key.text, kNoDeadline).ok());
  clock.Advance(absl::Seconds(10));
  CHECK_FALSE(authenticator.TryAuthenticate(known.key.text).has_value());  // drops what ran out
  CHECK(authenticator.TakeUsed().size() == 1);
}

// ---- service tokens

constexpr char kKey[] = "a shared key of at least 32 bytes!!";

std::unique_ptr<ServiceTokens> TokensOf(const char* service, const Clock& clock,
                                        std::string_view key = kKey) {
  return *ServiceTokens::Create(crypto::Secret(key), service, clock);
}

TEST_CASE("a service token names the service and the tenant it acts for") {
  ManualClock clock;
  auto interfaces = TokensOf("interfaces-service", clock);
  auto engine = TokensOf("workflow-engine", clock);
  TenantId tenant = TenantId::Make(absl::Now());
  std::string token = interfaces->Make(tenant);
  CHECK(engine->Recognizes(token));
  auto caller = engine->Authenticate(token, kNoDeadline);
  REQUIRE(caller.ok());
  CHECK(caller->service == "interfaces-service");
  CHECK(caller->tenant == tenant);
  CHECK(caller->is_service());
  CHECK(engine->Authenticate(interfaces->Make(TenantId()), kNoDeadline)->tenant.is_nil());
}

TEST_CASE("a service token ends after a minute and some leeway") {
  ManualClock clock;
  auto tokens = TokensOf("x", clock);
  std::string token = tokens->Make(TenantId());
  clock.Advance(absl::Seconds(69));
  CHECK(tokens->Authenticate(token, kNoDeadline).ok());
  clock.Advance(absl::Seconds(2));
  CHECK(ReasonOf(tokens->Authenticate(token, kNoDeadline).status()) == kExpiredToken);
}

TEST_CASE("a service token made with another key or changed in any character is refused") {
  ManualClock clock;
  auto tokens = TokensOf("x", clock);
  std::string foreign =
      TokensOf("x", clock, "another key of at least 32 bytes!!!")->Make(TenantId());
  CHECK(ReasonOf(tokens->Authenticate(foreign, kNoDeadline).status()) == kInvalidToken);
  std::string token = tokens->Make(TenantId::Make(absl::Now()));
  for (size_t i = 4; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CAPTURE(i);
    CHECK_FALSE(tokens->Authenticate(changed, kNoDeadline).ok());
  }
}

TEST_CASE("a signed payload of the wrong shape is refused") {
  ManualClock clock;
  auto tokens = TokensOf("x", clock);
  int64_t soon = absl::ToUnixSeconds(clock.Now()) + 30;
  auto sign = [&](const std::string& payload) {
    std::string encoded = crypto::Base64UrlEncode(payload);
    return fmt::format("svc_{}.{}", encoded,
                       crypto::Base64UrlEncode(crypto::HmacSha256(kKey, "svc." + encoded)));
  };
  CHECK(tokens->Authenticate(sign(fmt::format(R"({{"service":"y","exp":{}}})", soon)), kNoDeadline)
            .ok());
  for (const std::string& payload :
       {std::string("[]"), std::string("x"), std::string("{}"),
        fmt::format(R"({{"service":"","exp":{}}})", soon),
        fmt::format(R"({{"service":1,"exp":{}}})", soon), std::string(R"({"service":"y"})"),
        fmt::format(R"({{"service":"y","exp":{}}})", soon + 86'400),
        fmt::format(R"({{"service":"y","exp":{},"tenant":"t"}})", soon),
        fmt::format(R"({{"service":"y","exp":{},"tenant":null}})", soon)}) {
    CAPTURE(payload);
    CHECK(ReasonOf(tokens->Authenticate(sign(payload), kNoDeadline).status()) == kInvalidToken);
  }
}

TEST_CASE("a service key that is too short is refused at start") {
  ManualClock clock;
  CHECK(ServiceTokens::Create(crypto::Secret("short"), "x", clock).status().code() ==
        absl::StatusCode::kInvalidArgument);
}

// ---- the header

TEST_CASE("the authorization header is taken apart and given to whom it concerns") {
  ManualClock clock;
  OneKey known;
  ApiKeyAuthenticator keys(known.finder(), clock);
  auto tokens = TokensOf("x", clock);
  BearerAuthenticator bearer({&keys, tokens.get()});
  CHECK(bearer.Authenticate("Bearer " + known.key.text, kNoDeadline).ok());
  CHECK(bearer.Authenticate("bearer " + known.key.text, kNoDeadline).ok());
  CHECK(bearer.Authenticate("Bearer " + tokens->Make(TenantId()), kNoDeadline).ok());

  auto reason = [&](const std::string& header) {
    CHECK(bearer.TryAuthenticate(header).has_value());
    return ReasonOf(bearer.Authenticate(header, kNoDeadline).status());
  };
  CHECK(reason("") == kMissingCredentials);
  CHECK(reason("Basic dXNlcjpwYXNz") == kMalformedCredentials);
  CHECK(reason("Bearer") == kMalformedCredentials);
  CHECK(reason("Bearer ") == kMalformedCredentials);
  CHECK(reason("Bearer something-else") == kMalformedCredentials);
  CHECK(reason(known.key.text) == kMalformedCredentials);
}

}  // namespace
}  // namespace penstock::auth
