#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "fmt/format.h"
#include "libs/auth/authenticator.h"
#include "libs/auth/testing_token_keys.h"
#include "libs/auth/token_authenticator.h"
#include "libs/auth/token_issuer.h"
#include "libs/auth/token_keys.h"
#include "libs/auth/token_verifier.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"
#include "libs/testing/simulated_clock.h"

namespace penstock::auth {
namespace {

using crypto::Base64UrlEncode;
using nlohmann::ordered_json;

constexpr absl::Duration kLifetime = absl::Minutes(10);

// A keyring with one key, and tokens of every shape signed with it.
struct Fixture {
  testing::SimulatedClock clock;
  crypto::Ed25519PrivateKey key = crypto::Ed25519PrivateKey::Random();
  std::unique_ptr<TokenKeyring> keys = [this] {
    VerificationKeys known;
    known.emplace("one", key.public_key());
    return std::make_unique<TokenKeyring>(
        std::move(known),
        std::make_shared<const SigningKey>(SigningKey{"one", crypto::Ed25519PrivateKey::Random()}));
  }();
  TokenVerifier verifier{*keys, "penstock", clock};
  TenantId tenant = TenantId::Make(clock.Now());
  UserId user = UserId::Make(clock.Now());

  ordered_json Header() const { return {{"alg", "EdDSA"}, {"typ", "at+jwt"}, {"kid", "one"}}; }
  ordered_json Payload() const {
    const int64_t now = absl::ToUnixSeconds(clock.Now());
    return {{"iss", "penstock"},
            {"aud", "penstock"},
            {"sub", user.ToString()},
            {"tid", tenant.ToString()},
            {"sid", Uuid::MakeV7(clock.Now()).ToString()},
            {"roles", {"developer"}},
            {"jti", Uuid::MakeV7(clock.Now()).ToString()},
            {"iat", now},
            {"nbf", now},
            {"exp", now + 600}};
  }
  std::string SignText(const std::string& header, const std::string& payload) const {
    const std::string text = Base64UrlEncode(header) + "." + Base64UrlEncode(payload);
    return text + "." + Base64UrlEncode(key.Sign(text));
  }
  std::string Sign(const ordered_json& header, const ordered_json& payload) const {
    return SignText(header.dump(), payload.dump());
  }
  std::string With(const char* claim, const ordered_json& value) const {
    ordered_json payload = Payload();
    payload[claim] = value;
    return Sign(Header(), payload);
  }
  std::string Without(const char* claim) const {
    ordered_json payload = Payload();
    payload.erase(claim);
    return Sign(Header(), payload);
  }
  std::string WithHeader(const char* name, const ordered_json& value) const {
    ordered_json header = Header();
    header[name] = value;
    return Sign(header, Payload());
  }
  std::string Good() const { return Sign(Header(), Payload()); }
  bool IsInvalid(const std::string& token) const {
    const absl::Status status = verifier.Verify(token).status();
    return absl::IsUnauthenticated(status) && ReasonOf(status) == kInvalidToken;
  }
};

TEST_CASE("a token says whom it was made for") {
  testing::SimulatedClock clock;
  std::unique_ptr<TokenKeyring> keys = MakeTestKeyring();
  TokenIssuer issuer(*keys, "penstock", kLifetime, clock);
  const TenantId tenant = TenantId::Make(clock.Now());
  const UserId user = UserId::Make(clock.Now());
  const Uuid session = Uuid::MakeV7(clock.Now());
  const AccessToken token = issuer.Make(tenant, user, session, {Role::kViewer, Role::kAdmin});
  CHECK(token.expires_at == clock.Now() + kLifetime);
  const absl::StatusOr<TokenClaims> claims =
      TokenVerifier(*keys, "penstock", clock).Verify(token.text);
  REQUIRE(claims.ok());
  CHECK(claims->tenant == tenant);
  CHECK(claims->user == user);
  CHECK(claims->session == session);
  CHECK(claims->roles == std::vector{Role::kViewer, Role::kAdmin});
  CHECK(claims->expires_at == token.expires_at);
}

TEST_CASE("the bearer of a token may do what its highest role may") {
  testing::SimulatedClock clock;
  std::unique_ptr<TokenKeyring> keys = MakeTestKeyring();
  TokenIssuer issuer(*keys, "penstock", kLifetime, clock);
  const TenantId tenant = TenantId::Make(clock.Now());
  const UserId user = UserId::Make(clock.Now());
  TokenAuthenticator tokens(*keys, "penstock", clock);
  BearerAuthenticator bearer({&tokens});
  const auto caller =
      bearer.TryAuthenticate("Bearer " + issuer
                                             .Make(tenant, user, Uuid::MakeV7(clock.Now()),
                                                   {Role::kViewer, Role::kAdmin, Role::kOperator})
                                             .text);
  REQUIRE(caller);
  REQUIRE(caller->ok());
  CHECK((*caller)->tenant == tenant);
  CHECK((*caller)->user == user);
  CHECK((*caller)->role == Role::kAdmin);
  CHECK((*caller)->api_key.is_nil());
  CHECK_FALSE((*caller)->is_service());
}

TEST_CASE_METHOD(Fixture, "the token that hostile ones are made of is good") {
  const absl::StatusOr<TokenClaims> claims = verifier.Verify(Good());
  REQUIRE(claims.ok());
  CHECK(claims->tenant == tenant);
  CHECK(verifier.Verify(With("extra", {{"later", 1}})).ok());
}

TEST_CASE_METHOD(Fixture, "another algorithm is refused, whoever signed") {
  for (const char* alg : {"none", "None", "NONE", "HS256", "HS512", "RS256", "ES256", "Ed25519",
                          "eddsa", "EdDSA ", ""}) {
    CAPTURE(alg);
    CHECK(IsInvalid(WithHeader("alg", alg)));
  }
  CHECK(IsInvalid(WithHeader("alg", nullptr)));
  CHECK(IsInvalid(WithHeader("alg", {"EdDSA"})));
  ordered_json none = {{"alg", "none"}, {"typ", "at+jwt"}, {"kid", "one"}};
  const std::string unsigned_token =
      Base64UrlEncode(none.dump()) + "." + Base64UrlEncode(Payload().dump());
  CHECK(IsInvalid(unsigned_token + "."));
  CHECK(IsInvalid(unsigned_token));
}

TEST_CASE_METHOD(Fixture, "the public key is no secret to sign with") {
  ordered_json header = Header();
  header["alg"] = "HS256";
  const std::string text = Base64UrlEncode(header.dump()) + "." + Base64UrlEncode(Payload().dump());
  for (const std::string& secret :
       {key.public_key().bytes(), key.public_key().ToPem(), JwksOf(*keys->verification())}) {
    CHECK(IsInvalid(text + "." + Base64UrlEncode(crypto::HmacSha256(secret, text))));
  }
}

TEST_CASE_METHOD(Fixture,
                 "a signature by another key, of another text, cut or lengthened is refused") {
  const std::string text =
      Base64UrlEncode(Header().dump()) + "." + Base64UrlEncode(Payload().dump());
  CHECK(IsInvalid(text + "." + Base64UrlEncode(crypto::Ed25519PrivateKey::Random().Sign(text))));
  CHECK(IsInvalid(text + "." + Base64UrlEncode(key.Sign(text + " "))));
  CHECK(IsInvalid(text + "." + Base64UrlEncode(key.Sign(text).substr(0, 63))));
  CHECK(IsInvalid(text + "." + Base64UrlEncode(key.Sign(text) + "x")));
  CHECK(IsInvalid(text + "." + Base64UrlEncode(std::string(64, '\0'))));
  CHECK(IsInvalid(text + "."));
  // The parts of two good tokens.
  const std::string other = With("roles", {"owner"});
  CHECK(IsInvalid(other.substr(0, other.rfind('.')) + Good().substr(Good().rfind('.'))));
}

TEST_CASE_METHOD(Fixture, "every cut, and every changed character, makes a token invalid") {
  const std::string good = Good();
  for (size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    REQUIRE(IsInvalid(good.substr(0, size)));
  }
  for (size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    CAPTURE(at);
    REQUIRE(IsInvalid(changed));
  }
}

TEST_CASE_METHOD(Fixture, "what is more than a token is none") {
  for (const std::string& token :
       {Good() + ".", Good() + ".e30", Good() + " ", " " + Good(), Good() + "\n", "." + Good(),
        Good() + Good(), Good() + std::string(1, '\0')}) {
    CHECK(IsInvalid(token));
  }
  CHECK(IsInvalid(SignText(Header().dump() + "{}", Payload().dump())));
  CHECK(IsInvalid(SignText(Header().dump(), Payload().dump() + "{}")));
  CHECK(IsInvalid(SignText(Header().dump(), "[" + Payload().dump() + "]")));
  CHECK(IsInvalid(SignText("\xEF\xBB\xBF" + Header().dump(), Payload().dump())));
  CHECK(IsInvalid(SignText(Header().dump(), "/**/" + Payload().dump())));
}

TEST_CASE_METHOD(
    Fixture,
    "a huge token is refused before it is looked at, and a deep one does not exhaust the stack") {
  CHECK(IsInvalid(With("filler", std::string(8000, 'x'))));
  CHECK(IsInvalid(std::string(10'000'000, '.')));
  CHECK(IsInvalid(SignText(Header().dump(), std::string(2000, '[') + std::string(2000, ']'))));
  std::string deep = Payload().dump();
  deep.pop_back();
  CHECK(IsInvalid(SignText(
      Header().dump(), deep + ",\"x\":" + std::string(100, '[') + std::string(100, ']') + "}")));
}

TEST_CASE_METHOD(Fixture, "a kid is a name in our keyring and nothing else") {
  for (const char* kid : {"", "two", "ONE", "one ", "../one", "/dev/null", "one.pub.pem",
                          "' OR 1=1 --", "http://evil/jwks", "*"}) {
    CAPTURE(kid);
    CHECK(IsInvalid(WithHeader("kid", kid)));
  }
  CHECK(IsInvalid(WithHeader("kid", std::string("one\0", 4))));
  CHECK(IsInvalid(WithHeader("kid", 1)));
  CHECK(IsInvalid(WithHeader("kid", {"one"})));
  CHECK(IsInvalid(WithHeader("kid", nullptr)));
  ordered_json without = Header();
  without.erase("kid");
  CHECK(IsInvalid(Sign(without, Payload())));
}

TEST_CASE_METHOD(
    Fixture, "a header that brings its own key, asks for more, or is of another type is refused") {
  const ordered_json jwk = {
      {"kty", "OKP"}, {"crv", "Ed25519"}, {"x", Base64UrlEncode(key.public_key().bytes())}};
  CHECK(IsInvalid(WithHeader("jwk", jwk)));
  CHECK(IsInvalid(WithHeader("jku", "https://evil.example/jwks.json")));
  CHECK(IsInvalid(WithHeader("x5u", "https://evil.example/cert")));
  CHECK(IsInvalid(WithHeader("crit", {"exp"})));
  CHECK(IsInvalid(WithHeader("b64", false)));
  CHECK(IsInvalid(WithHeader("zip", "DEF")));
  CHECK(IsInvalid(WithHeader("typ", "JWT")));
  CHECK(IsInvalid(WithHeader("typ", "AT+JWT")));
  ordered_json without = Header();
  without.erase("typ");
  CHECK(IsInvalid(Sign(without, Payload())));
}

TEST_CASE_METHOD(Fixture, "a member that comes twice makes a token invalid, wherever it is") {
  CHECK(IsInvalid(
      SignText(R"({"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"one"})", Payload().dump())));
  CHECK(IsInvalid(
      SignText(R"({"alg":"EdDSA","alg":"EdDSA","typ":"at+jwt","kid":"one"})", Payload().dump())));
  // The same name, spelt with an escape.
  CHECK(IsInvalid(SignText(R"({"alg":"EdDSA","\u0061lg":"EdDSA","typ":"at+jwt","kid":"one"})",
                           Payload().dump())));
  std::string payload = Payload().dump();
  payload.pop_back();
  CHECK(IsInvalid(
      SignText(Header().dump(), payload + R"(,"tid":"01900000-0000-7000-8000-000000000001"})")));
  CHECK(IsInvalid(SignText(Header().dump(), payload + R"(,"x":{"y":1,"y":2}})")));
  CHECK_FALSE(IsInvalid(SignText(Header().dump(), payload + R"(,"x":{"y":1},"z":{"y":2}})")));
}

TEST_CASE_METHOD(
    Fixture,
    "base64 has one spelling: padding, other alphabets, blanks and stray bits are refused") {
  const std::string good = Good();
  const size_t first = good.find('.');
  const size_t second = good.rfind('.');
  CHECK(IsInvalid(good + "="));
  CHECK(IsInvalid(good + "=="));
  CHECK(IsInvalid(good.substr(0, first) + "=" + good.substr(first)));
  CHECK(IsInvalid(good.substr(0, first) + "\n" + good.substr(first)));
  CHECK(IsInvalid(good.substr(0, second) + "." +
                  crypto::Base64Encode(key.Sign(good.substr(0, second)))));
  // The last of 86 characters carries four bits that count: the next letter of the alphabet says
  // the same bytes.
  std::string stray = good;
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  stray.back() = kAlphabet[kAlphabet.find(stray.back()) + 1];
  CHECK(IsInvalid(stray));
}

TEST_CASE_METHOD(Fixture, "another issuer or audience is refused") {
  for (const char* other : {"", "Penstock", "penstock ", "https://penstock", "evil"}) {
    CHECK(IsInvalid(With("iss", other)));
    CHECK(IsInvalid(With("aud", other)));
  }
  CHECK(IsInvalid(With("aud", {"penstock"})));
  CHECK(IsInvalid(With("aud", {"penstock", "evil"})));
  CHECK(IsInvalid(With("iss", nullptr)));
}

TEST_CASE_METHOD(Fixture, "every claim must be there, and be of its type") {
  for (const char* claim :
       {"iss", "aud", "sub", "tid", "sid", "roles", "jti", "iat", "nbf", "exp"}) {
    CAPTURE(claim);
    CHECK(IsInvalid(Without(claim)));
    for (const ordered_json& value :
         {ordered_json(nullptr), ordered_json(true), ordered_json::object(), ordered_json("x"),
          ordered_json(1.5), ordered_json("00000000-0000-0000-0000-000000000000")}) {
      CHECK(IsInvalid(With(claim, value)));
    }
  }
  CHECK(IsInvalid(With("roles", ordered_json::array())));
  CHECK(IsInvalid(With("roles", {"root"})));
  CHECK(IsInvalid(With("roles", {"viewer", "Owner"})));
  CHECK(IsInvalid(With("roles", "owner")));
  CHECK(IsInvalid(With("exp", "1900000000")));
  CHECK(IsInvalid(With("exp", UINT64_MAX)));
  CHECK(IsInvalid(With("exp", INT64_MAX)));
  CHECK(IsInvalid(With("iat", INT64_MIN)));
}

TEST_CASE_METHOD(Fixture,
                 "a token is good from its time on until it expires, give or take ten seconds") {
  const int64_t now = absl::ToUnixSeconds(clock.Now());
  CHECK(IsInvalid(With("iat", now + 11)));
  CHECK(IsInvalid(With("nbf", now + 11)));
  CHECK(IsInvalid(With("nbf", now + 3600)));
  CHECK(verifier.Verify(With("nbf", now + 10)).ok());
  CHECK(IsInvalid(With("exp", now)));              // shorter than nothing
  CHECK(IsInvalid(With("exp", now + 25 * 3600)));  // longer than any of ours
  const std::string token = Good();
  clock.Advance(absl::Seconds(609));
  CHECK(verifier.Verify(token).ok());
  clock.Advance(absl::Seconds(1));
  const absl::Status status = verifier.Verify(token).status();
  CHECK(absl::IsUnauthenticated(status));
  CHECK(ReasonOf(status) == kExpiredToken);
}

TEST_CASE_METHOD(Fixture, "an expired token that we did not sign is invalid, not expired") {
  std::string token = Good();
  clock.Advance(absl::Hours(1));
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(IsInvalid(token));
}

TEST_CASE_METHOD(Fixture, "no refusal holds anything of the token") {
  const std::string token = With("nbf", absl::ToUnixSeconds(clock.Now()) + 3600);
  const std::string said = verifier.Verify(token).status().ToString();
  CHECK(said.find(token.substr(10, 20)) == std::string::npos);
  CHECK(said.find(tenant.ToString()) == std::string::npos);
}

// Key files in a directory of their own.
struct KeyFiles {
  KeyFiles() {
    char path[] = "/tmp/penstock-tokens-XXXXXX";
    root = mkdtemp(path);
  }
  ~KeyFiles() { std::filesystem::remove_all(root); }
  std::string known() const { return root + "/known"; }
  std::string signing() const { return root + "/signing"; }
  std::string root;
};

std::string KidOf(const std::string& token) {
  return nlohmann::json::parse(*crypto::Base64UrlDecode(token.substr(0, token.find('.'))))["kid"];
}

TEST_CASE("the newest key signs and all verify, without a restart") {
  KeyFiles files;
  testing::SimulatedClock clock;
  WriteTokenKeys(files.known(), files.signing(), "2026-01");
  auto signer = TokenKeyring::Open(files.known(), files.signing());
  auto reader = TokenKeyring::Open(files.known());
  REQUIRE(signer.ok());
  REQUIRE(reader.ok());
  CHECK((*reader)->signing() == nullptr);
  TokenIssuer issuer(**signer, "penstock", kLifetime, clock);
  TokenVerifier verifier(**reader, "penstock", clock);
  auto make = [&] {
    return issuer
        .Make(TenantId::Make(clock.Now()), UserId::Make(clock.Now()), Uuid::MakeV7(clock.Now()),
              {Role::kViewer})
        .text;
  };
  const std::string old_token = make();
  WriteTokenKeys(files.known(), files.signing(), "2026-02");
  REQUIRE((*signer)->Reload().ok());
  const std::string new_token = make();
  CHECK(KidOf(old_token) == "2026-01");
  CHECK(KidOf(new_token) == "2026-02");
  CHECK_FALSE(verifier.Verify(new_token).ok());
  REQUIRE((*reader)->Reload().ok());
  CHECK(verifier.Verify(new_token).ok());
  CHECK(verifier.Verify(old_token).ok());
  std::filesystem::remove(files.known() + "/2026-01.pub.pem");
  REQUIRE((*reader)->Reload().ok());
  CHECK_FALSE(verifier.Verify(old_token).ok());
}

TEST_CASE("a key whose public half is not known yet, or is another's, does not sign") {
  KeyFiles files;
  WriteTokenKeys(files.known(), files.signing(), "a");
  WriteTokenKeys(files.root + "/elsewhere", files.signing(), "b");
  CHECK((*TokenKeyring::Open(files.known(), files.signing()))->signing()->kid == "a");
  WriteTokenKeys(files.known(), files.root + "/elsewhere", "b");
  CHECK((*TokenKeyring::Open(files.known(), files.signing()))->signing()->kid == "a");
}

TEST_CASE(
    "directories without keys, and files that are none, are named; what was read before stays") {
  KeyFiles files;
  CHECK(absl::IsNotFound(TokenKeyring::Open(files.known()).status()));
  WriteTokenKeys(files.known(), files.signing());
  auto keys = TokenKeyring::Open(files.known());
  REQUIRE(keys.ok());
  std::ofstream(files.known() + "/broken.pub.pem") << "no key";
  const absl::Status status = (*keys)->Reload();
  CHECK(std::string(status.message()).find("broken.pub.pem") != std::string::npos);
  CHECK((*keys)->verification()->size() == 1);
  std::filesystem::rename(files.known() + "/broken.pub.pem", files.known() + "/b.ad.pub.pem");
  CHECK_FALSE((*keys)->Reload().ok());
}

TEST_CASE("the JWKS holds the public keys and nothing of the private ones") {
  std::unique_ptr<TokenKeyring> keys = MakeTestKeyring("k1");
  const nlohmann::json jwks = nlohmann::json::parse(JwksOf(*keys->verification()));
  REQUIRE(jwks["keys"].size() == 1);
  const nlohmann::json& key = jwks["keys"][0];
  CHECK(key["kid"] == "k1");
  CHECK(key["kty"] == "OKP");
  CHECK(key["crv"] == "Ed25519");
  CHECK(key["alg"] == "EdDSA");
  CHECK(*crypto::Base64UrlDecode(key["x"].get<std::string>()) ==
        keys->verification()->at("k1").bytes());
  CHECK_FALSE(key.contains("d"));
}

}  // namespace
}  // namespace penstock::auth
