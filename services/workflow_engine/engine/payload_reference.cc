#include "services/workflow_engine/engine/payload_reference.h"

namespace penstock::workflow_engine {
namespace {

constexpr std::string_view kPrefix = R"( {"$payload":")";
constexpr std::string_view kSuffix = R"("})";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr size_t kHashBytes = 32;

}  // namespace

std::string PayloadReference(std::string_view hash) {
  std::string text(kPrefix);
  for (unsigned char byte : hash) {
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 0xf]);
  }
  text += kSuffix;
  return text;
}

std::optional<std::string> ReferredPayload(std::string_view column) {
  if (column.size() != kPrefix.size() + 2 * kHashBytes + kSuffix.size() || !column.starts_with(kPrefix)) return std::nullopt;
  std::string hash;
  for (size_t i = 0; i < kHashBytes; ++i) {
    size_t high = kHex.find(column[kPrefix.size() + 2 * i]);
    size_t low = kHex.find(column[kPrefix.size() + 2 * i + 1]);
    if (high == kHex.npos || low == kHex.npos) return std::nullopt;
    hash.push_back(static_cast<char>(high << 4 | low));
  }
  return hash;
}

}  // namespace penstock::workflow_engine
