#include "services/connector/keys/envelope.h"

#include "fmt/format.h"
#include "libs/crypto/aead.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector::envelope {
namespace {

constexpr std::string_view kMagic("PS\x01\x01", 4);  // format 1, algorithm 1
constexpr size_t kKeyVersionAt = kMagic.size() + 16;
constexpr size_t kHeaderBytes = kKeyVersionAt + 4;
constexpr size_t kWrappedBytes = crypto::kAeadKeyBytes + crypto::kAeadOverhead;
static_assert(kHeaderBytes + kWrappedBytes + crypto::kAeadOverhead == kOverheadBytes);

std::string BigEndian(int32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<uint32_t>(value) >> shift);
  }
  return bytes;
}

std::string HeaderOf(const TenantKey& key) {
  return fmt::format("{}{}{}", kMagic, key.tenant.uuid().as_string_view(), BigEndian(key.version));
}

// Everything of the header but the key's version, which changes when the data key is wrapped anew.
std::string ValueAssociated(const Place& place) {
  return crypto::JoinAssociated(
      {"penstock connector value", kMagic, place.tenant.uuid().as_string_view(), place.owner_kind,
       place.owner.as_string_view(), place.field, std::to_string(place.value_version)});
}

std::string DataKeyAssociated(const TenantKey& key, const Place& place) {
  return crypto::JoinAssociated({"penstock connector data key", HeaderOf(key),
                                 place.tenant.uuid().as_string_view(), place.owner_kind,
                                 place.owner.as_string_view(), place.field,
                                 std::to_string(place.value_version)});
}

absl::StatusOr<crypto::Secret> UnwrapDataKey(const TenantKey& key, const Place& place,
                                             std::string_view sealed) {
  ASSIGN_OR_RETURN(const int32_t version, KeyVersionOf(sealed, place.tenant));
  if (version != key.version || key.tenant != place.tenant) {
    return absl::DataLossError("a sealed value is under another tenant key");
  }
  ASSIGN_OR_RETURN(crypto::Secret data_key,
                   crypto::AeadOpen(key.bytes, sealed.substr(kHeaderBytes, kWrappedBytes),
                                    DataKeyAssociated(key, place)));
  return data_key;
}

}  // namespace

absl::StatusOr<std::string> Seal(const TenantKey& key, const Place& place,
                                 std::string_view plaintext) {
  if (plaintext.empty()) return InvalidField(place.field, "is empty");
  if (plaintext.size() > kMaxValueBytes) {
    return InvalidField(place.field, fmt::format("is longer than {} bytes", kMaxValueBytes));
  }
  const crypto::Secret data_key = crypto::Secret::Random(crypto::kAeadKeyBytes);
  std::string sealed = HeaderOf(key);
  sealed += crypto::AeadSeal(key.bytes, data_key.Reveal(), DataKeyAssociated(key, place));
  sealed += crypto::AeadSeal(data_key, plaintext, ValueAssociated(place));
  return sealed;
}

absl::StatusOr<int32_t> KeyVersionOf(std::string_view sealed, TenantId tenant) {
  if (sealed.size() <= kOverheadBytes || sealed.size() > kOverheadBytes + kMaxValueBytes ||
      !sealed.starts_with(kMagic)) {
    return absl::DataLossError("not a sealed value of a known format");
  }
  if (sealed.substr(kMagic.size(), 16) != tenant.uuid().as_string_view()) {
    return absl::DataLossError("a sealed value is another tenant's");
  }
  uint32_t version = 0;
  for (const char byte : sealed.substr(kKeyVersionAt, 4)) {
    version = version << 8 | static_cast<uint8_t>(byte);
  }
  return static_cast<int32_t>(version);
}

absl::StatusOr<crypto::Secret> Open(const TenantKey& key, const Place& place,
                                    std::string_view sealed) {
  ASSIGN_OR_RETURN(const crypto::Secret data_key, UnwrapDataKey(key, place, sealed));
  return crypto::AeadOpen(data_key, sealed.substr(kHeaderBytes + kWrappedBytes),
                          ValueAssociated(place));
}

absl::StatusOr<std::string> Rewrap(const TenantKey& from, const TenantKey& to, const Place& place,
                                   std::string_view sealed) {
  ASSIGN_OR_RETURN(const crypto::Secret data_key, UnwrapDataKey(from, place, sealed));
  std::string rewrapped = HeaderOf(to);
  rewrapped += crypto::AeadSeal(to.bytes, data_key.Reveal(), DataKeyAssociated(to, place));
  rewrapped += sealed.substr(kHeaderBytes + kWrappedBytes);
  return rewrapped;
}

}  // namespace penstock::connector::envelope
