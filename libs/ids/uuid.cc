#include "libs/ids/uuid.h"

#include <random>

namespace penstock {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsDashPosition(size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

std::mt19937_64 SeededByKernel() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

}  // namespace

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::array<uint8_t, 16> bytes;
  size_t nibble = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsDashPosition(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    int value = HexValue(text[i]);
    if (value < 0) return std::nullopt;
    uint8_t& byte = bytes[nibble / 2];
    byte = nibble % 2 == 0 ? static_cast<uint8_t>(value << 4) : static_cast<uint8_t>(byte | value);
    ++nibble;
  }
  return Uuid(bytes);
}

std::optional<Uuid> Uuid::FromBytes(std::string_view bytes) {
  if (bytes.size() != 16) return std::nullopt;
  std::array<uint8_t, 16> copy;
  for (size_t i = 0; i < copy.size(); ++i) copy[i] = static_cast<uint8_t>(bytes[i]);
  return Uuid(copy);
}

Uuid Uuid::MakeV7(absl::Time now) {
  thread_local std::mt19937_64 generator = SeededByKernel();
  // Within one millisecond the 12 bits after the version count up, so that ids of a thread stay
  // ordered; when they run out the clock is taken to be a millisecond further.
  thread_local int64_t last_millis = 0;
  thread_local uint32_t counter = 0;
  int64_t millis = absl::ToUnixMillis(now);
  if (millis > last_millis) {
    last_millis = millis;
    counter = static_cast<uint32_t>(generator() & 0x7ff);
  } else if (++counter > 0xfff) {
    ++last_millis;
    counter = 0;
  }
  std::array<uint8_t, 16> bytes;
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(last_millis >> (40 - 8 * i));
  bytes[6] = static_cast<uint8_t>(0x70 | (counter >> 8));
  bytes[7] = static_cast<uint8_t>(counter);
  uint64_t random = generator();
  for (int i = 8; i < 16; ++i) bytes[i] = static_cast<uint8_t>(random >> (8 * (i - 8)));
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  return Uuid(bytes);
}

std::string Uuid::ToString() const {
  std::string text;
  text.reserve(36);
  for (uint8_t byte : bytes_) {
    if (IsDashPosition(text.size())) text.push_back('-');
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 0xf]);
  }
  return text;
}

absl::Time Uuid::TimeV7() const {
  int64_t millis = 0;
  for (int i = 0; i < 6; ++i) millis = (millis << 8) | bytes_[i];
  return absl::FromUnixMillis(millis);
}

Uuid Uuid::WithLastByte(uint8_t value) const {
  std::array<uint8_t, 16> bytes = bytes_;
  bytes[15] = value;
  return Uuid(bytes);
}

}  // namespace penstock
