#include "services/connector/oauth/failure_class.h"

#include <catch2/catch.hpp>

namespace penstock::connector {
namespace {

using enum FailureClass;

FailureClass ClassOf(int status, std::string code, std::string description = "") {
  return ClassifyAnswer(status, {std::move(code), std::move(description)}, {}).failure;
}

TEST_CASE("codes of the specifications and of providers are told apart") {
  struct Case {
    int status;
    const char* code;
    FailureClass failure;
  };
  for (const Case& c :
       std::initializer_list<Case>{{400, "invalid_grant", kRevokedOrExpired},
                                   {401, "invalid_client", kInvalidClient},
                                   {400, "invalid_scope", kScopeMissing},
                                   {400, "interaction_required", kConsentOrMfaNeeded},
                                   {403, "access_denied", kConsentOrMfaNeeded},
                                   {400, "redirect_uri_mismatch", kMisconfigured},
                                   {400, "unauthorized_client", kMisconfigured},
                                   {400, "temporarily_unavailable", kProviderUnavailable},
                                   {200, "bad_refresh_token", kRevokedOrExpired},
                                   {200, "incorrect_client_credentials", kInvalidClient},
                                   {200, "token_revoked", kRevokedOrExpired},
                                   {200, "ratelimited", kRateLimited},
                                   {400, "slow_down", kRateLimited},
                                   {401, "", kInvalidClient},
                                   {404, "", kMisconfigured},
                                   {302, "", kMisconfigured},
                                   {400, "something_new", kBadAnswer},
                                   {418, "", kBadAnswer}}) {
    CAPTURE(c.status, c.code);
    CHECK(ClassOf(c.status, c.code) == c.failure);
  }
}

TEST_CASE("Microsoft's numbers decide over the code beside them") {
  struct Case {
    const char* number;
    FailureClass failure;
  };
  for (const Case& c : std::initializer_list<Case>{{"AADSTS70008", kRevokedOrExpired},
                                                   {"AADSTS700082", kRevokedOrExpired},
                                                   {"AADSTS700084", kRevokedOrExpired},
                                                   {"AADSTS50173", kRevokedOrExpired},
                                                   {"AADSTS50076", kConsentOrMfaNeeded},
                                                   {"AADSTS50079", kConsentOrMfaNeeded},
                                                   {"AADSTS50158", kConsentOrMfaNeeded},
                                                   {"AADSTS7000215", kInvalidClient},
                                                   {"AADSTS7000222", kInvalidClient},
                                                   {"AADSTS90002", kMisconfigured}}) {
    CAPTURE(c.number);
    const TokenFailure failure =
        ClassifyAnswer(400, {"invalid_grant", std::string(c.number) + ": some words."}, {});
    CHECK(failure.failure == c.failure);
    CHECK(failure.provider_code == c.number);
  }
  // Of a number that we don't know the code counts.
  CHECK(ClassOf(400, "invalid_grant", "AADSTS1: new") == kRevokedOrExpired);
}

TEST_CASE(
    "a provider that is down or at its limit says so by status, whatever it writes beside it") {
  for (const char* code : {"invalid_grant", "invalid_client", ""}) {
    CHECK(ClassOf(500, code) == kProviderUnavailable);
    CHECK(ClassOf(503, code) == kProviderUnavailable);
    CHECK(ClassOf(429, code) == kRateLimited);
  }
  CHECK(ClassifyAnswer(502, {}, {}).delivery == Delivery::kUnknown);
  CHECK(ClassifyAnswer(429, {}, {}).delivery == Delivery::kRefused);
  CHECK(ClassifyAnswer(400, {"invalid_grant", ""}, {}).delivery == Delivery::kRefused);
}

TEST_CASE("of what was not sent it is known that it was not") {
  namespace type = egress::failure;
  const auto classify = [](std::string_view type) {
    return ClassifyTransport(egress::Failure(type, "to 10.0.0.1"));
  };
  CHECK(classify(type::kEgressDenied).failure == kNetworkBlocked);
  CHECK(classify(type::kTlsFailed).failure == kTlsError);
  CHECK(classify(type::kConnectFailed).failure == kProviderUnavailable);
  for (std::string_view sent_not : {type::kEgressDenied, type::kTlsFailed, type::kConnectFailed,
                                    type::kResourceExhausted, type::kBadUrl}) {
    CHECK(classify(sent_not).delivery == Delivery::kNotSent);
  }
  for (std::string_view unclear :
       {type::kTimeout, type::kBadResponse, type::kTooLarge, type::kCancelled}) {
    CHECK(classify(unclear).delivery == Delivery::kUnknown);
  }
}

TEST_CASE("nothing that a provider writes is repeated, but a code that is a word") {
  const TokenFailure failure =
      ClassifyAnswer(400, {"Bearer abc123", "token abc123 is no good"}, {});
  CHECK(failure.provider_code.empty());
  CHECK(failure.message.find("abc123") == std::string::npos);
  CHECK(ClassifyAnswer(400, {std::string(61, 'a'), ""}, {}).provider_code.empty());
  CHECK(ClassifyAnswer(400, {"something_new", ""}, {}).provider_code == "something_new");
}

TEST_CASE("Retry-After is seconds or a date by the provider's own clock") {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  CHECK(RetryAfter({{"retry-after", "17"}}, now) == absl::Seconds(17));
  CHECK(RetryAfter({{"retry-after", "-3"}}, now) == absl::ZeroDuration());
  CHECK(RetryAfter({{"retry-after", "99999999"}}, now) == absl::Hours(1));
  CHECK(RetryAfter({{"retry-after", "Tue, 14 Nov 2023 22:14:20 GMT"}}, now) == absl::Seconds(60));
  // Their clock is 90 s ahead of ours.
  CHECK(RetryAfter({{"retry-after", "Tue, 14 Nov 2023 22:15:50 GMT"},
                    {"date", "Tue, 14 Nov 2023 22:14:50 GMT"}},
                   now) == absl::Seconds(60));
  CHECK(RetryAfter({{"retry-after", "Tue, 14 Nov 2023 20:00:00 GMT"}}, now) ==
        absl::ZeroDuration());
  CHECK(RetryAfter({{"retry-after", "soon"}}, now) == absl::ZeroDuration());
  CHECK(RetryAfter({}, now) == absl::ZeroDuration());
}

}  // namespace
}  // namespace penstock::connector
