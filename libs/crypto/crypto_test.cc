#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <concepts>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/random.h"
#include "libs/crypto/sealer.h"
#include "libs/crypto/secret.h"
#include "libs/status/details.h"

namespace penstock::crypto {
namespace {

static_assert(!std::copy_constructible<Secret>, "a secret has one owner");
template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Streamable<Secret>, "a secret can't be streamed");

std::string TempFile(const std::string& contents) {
  const char* directory = std::getenv("TEST_TMPDIR");
  std::string path = std::string(directory != nullptr ? directory : "/tmp") + "/key_file";
  std::ofstream(path, std::ios::binary) << contents;
  return path;
}

Sealer MakeSealer(char fill = 'k') { return *Sealer::Create(Secret(std::string(32, fill))); }

TEST_CASE("SHA-256 of \"abc\" is the published digest") {
  CHECK(HexEncode(Sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("HMAC-SHA-256 agrees with RFC 4231") {
  CHECK(HexEncode(HmacSha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(HexEncode(HmacSha256(std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("comparison in constant time is still comparison") {
  CHECK(ConstantTimeEqual("same", "same"));
  CHECK_FALSE(ConstantTimeEqual("same", "sane"));
  CHECK_FALSE(ConstantTimeEqual("same", "sam"));
  CHECK(ConstantTimeEqual("", ""));
}

TEST_CASE("encodings come back as they went") {
  for (size_t size : {0, 1, 2, 3, 4, 31, 32, 33}) {
    CAPTURE(size);
    std::string bytes = RandomBytes(size);
    CHECK(HexDecode(HexEncode(bytes)) == bytes);
    CHECK(Base64Decode(Base64Encode(bytes)) == bytes);
    CHECK(Base64UrlDecode(Base64UrlEncode(bytes)) == bytes);
  }
  CHECK(Base64Encode("a") == "YQ==");
  CHECK(Base64UrlEncode("\xff\xfe") == "__4");
  CHECK(HexDecode("AbCd") == "\xab\xcd");
}

TEST_CASE("text that is not the encoding is refused") {
  CHECK_FALSE(HexDecode("abc"));
  CHECK_FALSE(HexDecode("zz"));
  CHECK_FALSE(Base64Decode("YQ"));
  CHECK_FALSE(Base64Decode("YQ==x"));
  CHECK_FALSE(Base64UrlDecode("YQ=="));
  CHECK_FALSE(Base64UrlDecode("a+/b"));
}

TEST_CASE("a secret moves and leaves nothing behind") {
  Secret first("hush");
  Secret second = std::move(first);
  CHECK(second.Reveal() == "hush");
  CHECK(first.empty());
}

TEST_CASE("a secret file is trimmed and bounded") {
  CHECK(ReadSecretFile(TempFile(" hush \n"))->Reveal() == "hush");
  CHECK(ReadSecretFile(TempFile(" \n")).status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(ReadSecretFile(TempFile(std::string(70'000, 'x'))).status().code() ==
        absl::StatusCode::kInvalidArgument);
  CHECK(ReadSecretFile("/nowhere/at/all").status().code() == absl::StatusCode::kNotFound);
  CHECK_FALSE(ReadSecretFile("/").ok());
}

TEST_CASE("what was sealed opens for the same associated data") {
  Sealer sealer = MakeSealer();
  auto sealed = sealer.Seal("whsec_value", "signing_secret/t1/github");
  REQUIRE(sealed.ok());
  CHECK(sealed->find("whsec_value") == std::string::npos);
  auto opened = sealer.Open(*sealed, "signing_secret/t1/github");
  REQUIRE(opened.ok());
  CHECK(opened->Reveal() == "whsec_value");
}

TEST_CASE("the empty text can be sealed") {
  Sealer sealer = MakeSealer();
  CHECK(sealer.Open(*sealer.Seal("", "a"), "a")->empty());
}

TEST_CASE("a sealed value moved to another tenant or name does not open") {
  Sealer sealer = MakeSealer();
  std::string sealed = *sealer.Seal("value", "signing_secret/t1/github");
  CHECK(sealer.Open(sealed, "signing_secret/t2/github").status().code() ==
        absl::StatusCode::kDataLoss);
}

TEST_CASE("any changed bit is noticed") {
  Sealer sealer = MakeSealer();
  std::string sealed = *sealer.Seal("value", "a");
  for (size_t i = 0; i < sealed.size(); ++i) {
    CAPTURE(i);
    std::string changed = sealed;
    changed[i] ^= 1;
    CHECK_FALSE(sealer.Open(changed, "a").ok());
  }
  CHECK_FALSE(sealer.Open(sealed.substr(0, 20), "a").ok());
  CHECK_FALSE(sealer.Open("", "a").ok());
}

TEST_CASE("a value sealed by another key is named as such") {
  auto status = MakeSealer('b').Open(*MakeSealer('a').Seal("value", "x"), "x").status();
  CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ReasonOf(status) == "UNKNOWN_KEY");
}

TEST_CASE("sealing twice gives two different texts") {
  Sealer sealer = MakeSealer();
  CHECK(*sealer.Seal("value", "x") != *sealer.Seal("value", "x"));
}

TEST_CASE("sealing without associated data is refused") {
  CHECK_FALSE(MakeSealer().Seal("value", "").ok());
}

TEST_CASE("a root key file holds raw bytes or base64, and a wrong one is refused by path") {
  std::string key(32, 'q');
  CHECK(Sealer::FromFile(TempFile(key)).ok());
  CHECK(Sealer::FromFile(TempFile(Base64Encode(key) + "\n"))->key_id() ==
        Sealer::Create(Secret(key))->key_id());
  CHECK(Sealer::FromText(Secret(key))->key_id() == Sealer::Create(Secret(key))->key_id());
  CHECK(Sealer::FromText(Secret(Base64Encode(key)))->key_id() ==
        Sealer::Create(Secret(key))->key_id());
  CHECK_FALSE(Sealer::FromText(Secret(Base64Encode("short"))).ok());
  auto status = Sealer::FromFile(TempFile("too short")).status();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(status.message()).find("too short") == std::string::npos);
  CHECK_FALSE(Sealer::FromFile("/nowhere/at/all").ok());
}

TEST_CASE("a secret is read from a regular file only") {
  const std::string path = TempFile("") + ".pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const absl::Status pipe = ReadSecretFile(path).status();
  unlink(path.c_str());
  CHECK(pipe.message() == path + " is not a regular file");
  CHECK(ReadSecretFile("/tmp").status().message() == "/tmp is not a regular file");
}

}  // namespace
}  // namespace penstock::crypto
