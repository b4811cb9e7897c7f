#include "services/connector/keys/envelope.h"

#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "libs/status/details.h"

namespace penstock::connector::envelope {
namespace {

struct Fixture {
  TenantKey KeyOf(int32_t version) const { return {tenant, version, crypto::Secret::Random(32)}; }
  std::string Sealed(std::string_view plaintext = "planted") const {
    return *Seal(key, place, plaintext);
  }

  const TenantId tenant = TenantId::Make(absl::Now());
  const TenantKey key = KeyOf(3);
  const Place place{tenant, "connector", Uuid::MakeV7(absl::Now()), "api_key", 7};
};

TEST_CASE_METHOD(Fixture, "what is sealed opens, and tells its key") {
  const std::string sealed = Sealed();
  CHECK(sealed.size() == 7 + kOverheadBytes);
  CHECK(*KeyVersionOf(sealed, tenant) == 3);
  CHECK(Open(key, place, sealed)->Reveal() == "planted");
  CHECK(sealed.find("planted") == std::string::npos);
  CHECK(Sealed() != Sealed());
}

TEST_CASE_METHOD(Fixture, "it opens nowhere else") {
  const std::string sealed = Sealed();
  std::vector<Place> elsewhere(5, place);
  elsewhere[0].tenant = TenantId::Make(absl::Now());
  elsewhere[1].owner_kind = "grant";
  elsewhere[2].owner = Uuid::MakeV7(absl::Now());
  elsewhere[3].field = "password";
  elsewhere[4].value_version = 8;
  for (const Place& other : elsewhere) {
    CHECK(absl::IsDataLoss(Open(key, other, sealed).status()));
    CHECK(absl::IsDataLoss(Rewrap(key, KeyOf(4), other, sealed).status()));
  }
  CHECK(absl::IsDataLoss(Open(KeyOf(3), place, sealed).status()));
  CHECK(absl::IsDataLoss(Open(KeyOf(4), place, sealed).status()));
}

TEST_CASE_METHOD(Fixture, "no byte can be changed, none left out, none added") {
  const std::string sealed = Sealed();
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ (1 << i % 8));
    CAPTURE(i);
    CHECK(absl::IsDataLoss(Open(key, place, changed).status()));
    CHECK(absl::IsDataLoss(Open(key, place, sealed.substr(0, i)).status()));
  }
  CHECK(absl::IsDataLoss(Open(key, place, sealed + "x").status()));
}

TEST_CASE_METHOD(Fixture, "a data key of one value does not open another") {
  const std::string first = Sealed("first"), second = Sealed("other");
  // Header and wrapped key of the one, ciphertext of the other.
  CHECK(absl::IsDataLoss(Open(key, place, first.substr(0, 96) + second.substr(96)).status()));
}

TEST_CASE_METHOD(Fixture, "wrapping anew changes the key and not the ciphertext") {
  const TenantKey next = KeyOf(4);
  const std::string sealed = Sealed();
  const std::string moved = *Rewrap(key, next, place, sealed);
  CHECK(*KeyVersionOf(moved, tenant) == 4);
  CHECK(Open(next, place, moved)->Reveal() == "planted");
  CHECK(absl::IsDataLoss(Open(key, place, moved).status()));
  CHECK(moved.substr(96) == sealed.substr(96));
  CHECK(moved.substr(24, 72) != sealed.substr(24, 72));
}

TEST_CASE_METHOD(Fixture, "values have a length, up to a limit") {
  CHECK(ViolationsOf(Seal(key, place, "").status()).at(0).field == "api_key");
  CHECK(ViolationsOf(Seal(key, place, std::string(kMaxValueBytes + 1, 'x')).status()).at(0).field ==
        "api_key");
  const std::string longest(kMaxValueBytes, 'x');
  CHECK(Open(key, place, Sealed(longest))->Reveal() == longest);
}

}  // namespace
}  // namespace penstock::connector::envelope
