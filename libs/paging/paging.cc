#include "libs/paging/paging.h"

#include <algorithm>
#include <optional>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"

namespace penstock::paging {
namespace {

constexpr size_t kFingerprintBytes = 8;
constexpr size_t kMaxTokenBytes = 1024;

std::string Fingerprint(std::string_view list) {
  return crypto::Sha256(list).substr(0, kFingerprintBytes);
}

}  // namespace

absl::StatusOr<int> PageSize(int32_t requested) {
  if (requested < 0) return InvalidField("page_size", "must not be negative");
  return requested == 0 ? kDefaultPageSize : std::min(requested, kMaxPageSize);
}

std::string MakePageToken(std::string_view position, std::string_view list) {
  return crypto::Base64UrlEncode(Fingerprint(list).append(position));
}

absl::StatusOr<std::string> ReadPageToken(std::string_view token, std::string_view list) {
  if (token.empty()) return std::string();
  std::optional<std::string> bytes;
  if (token.size() <= kMaxTokenBytes) bytes = crypto::Base64UrlDecode(token);
  if (!bytes || bytes->size() <= kFingerprintBytes) {
    return InvalidField("page_token", "is not one of ours");
  }
  if (!bytes->starts_with(Fingerprint(list))) {
    return InvalidField("page_token", "belongs to a list with other filters");
  }
  return bytes->substr(kFingerprintBytes);
}

}  // namespace penstock::paging
