#include "services/connector/auth/mtls/mtls.h"

#include <catch2/catch.hpp>

#include "libs/crypto/testing/keys.h"
#include "libs/status/details.h"
#include "services/connector/auth/testing/try.h"

namespace penstock::connector {
namespace {

const absl::Time kNow = Try().now;

Try With(const std::string& certificate, const std::string& key) {
  return {.secrets = {{"certificate", certificate}, {"private_key", key}}};
}
std::string Valid() {
  return crypto::TestCertificate(crypto::TestP256Key(), kNow - absl::Hours(1),
                                 kNow + absl::Hours(1));
}

TEST_CASE("the request has the identity") {
  const auto strategy = MakeMtlsStrategy();
  const Try attempt = With(Valid(), crypto::TestP256Key());
  const egress::HttpRequest request = Authenticated(*strategy, attempt).value();
  REQUIRE(request.client_identity != nullptr);
  CHECK(request.client_identity->certificate_chain == attempt.secrets.at("certificate"));
  CHECK(request.client_identity->private_key.Reveal() == crypto::TestP256Key());
  CHECK(request.headers.empty());
  CHECK(Examined(*strategy, attempt).ok());
}

TEST_CASE("when the certificate ends is told, of nothing else") {
  const auto strategy = MakeMtlsStrategy();
  CHECK(strategy->ExpiryOf("certificate", Valid()) == kNow + absl::Hours(1));
  CHECK_FALSE(strategy->ExpiryOf("certificate", "x").has_value());
  CHECK_FALSE(strategy->ExpiryOf("private_key", crypto::TestP256Key()).has_value());
}

TEST_CASE("a certificate of another key is refused") {
  const absl::Status status =
      Authenticated(*MakeMtlsStrategy(), With(Valid(), crypto::TestRsaKey())).status();
  CHECK(status.message() == "the secret \"private_key\" is not the key of the certificate");
  CHECK(ReasonOf(status) == "CREDENTIAL_INVALID");
  CHECK(MetadataOf(status, "field") == "private_key");
}

TEST_CASE("a certificate that is not valid now is refused with its date") {
  const std::string& key = crypto::TestP256Key();
  const auto status = [&](absl::Time from, absl::Time to) {
    return Authenticated(*MakeMtlsStrategy(), With(crypto::TestCertificate(key, from, to), key))
        .status();
  };
  const absl::Status expired = status(kNow - absl::Hours(2), kNow);
  CHECK(ReasonOf(expired) == "CREDENTIAL_EXPIRED");
  CHECK(expired.message() == "the certificate expired 2015-08-30T12:36:00+00:00");
  CHECK(status(kNow + absl::Seconds(1), kNow + absl::Hours(1)).message() ==
        "the certificate is not valid before 2015-08-30T12:36:01+00:00");
  CHECK(status(kNow, kNow + absl::Seconds(1)).ok());
}

TEST_CASE("what is no certificate or key is refused by its field") {
  const auto field = [](const Try& attempt) {
    return MetadataOf(Authenticated(*MakeMtlsStrategy(), attempt).status(), "field");
  };
  CHECK(field(With("x", crypto::TestP256Key())) == "certificate");
  CHECK(field(With(Valid(), "x")) == "private_key");
  CHECK(field(With(crypto::TestP256Key(), Valid())) == "certificate");
}

}  // namespace
}  // namespace penstock::connector
