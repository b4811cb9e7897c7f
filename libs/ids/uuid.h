// UUIDs as sixteen bytes. Penstock makes version 7: time-ordered, so that indexes grow at one end.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace penstock {

class Uuid {
 public:
  constexpr Uuid() = default;
  explicit constexpr Uuid(const std::array<uint8_t, 16>& bytes) : bytes_(bytes) {}

  // Accepts the canonical 36-character form, either case. Nothing else.
  static std::optional<Uuid> Parse(std::string_view text);
  // Exactly sixteen raw bytes.
  static std::optional<Uuid> FromBytes(std::string_view bytes);
  // Version 7: 48 bits of milliseconds, then random bits from a per-thread generator seeded by the
  // kernel. Ids of one thread are strictly increasing. Not for secrets.
  static Uuid MakeV7(absl::Time now);

  bool is_nil() const { return *this == Uuid(); }
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  std::string_view as_string_view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  std::string ToString() const;
  // The time in a version 7 id, to the millisecond.
  absl::Time TimeV7() const;
  // A copy whose last byte is `value`; execution ids carry their shard there.
  Uuid WithLastByte(uint8_t value) const;
  uint8_t last_byte() const { return bytes_[15]; }

  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Uuid& id) {
    return H::combine(std::move(h), id.bytes_);
  }

 private:
  std::array<uint8_t, 16> bytes_{};
};

// A Uuid that can't be mistaken for another kind of id.
template <typename Tag>
class TypedId {
 public:
  constexpr TypedId() = default;
  explicit constexpr TypedId(Uuid value) : value_(value) {}
  static std::optional<TypedId> Parse(std::string_view text) {
    std::optional<Uuid> uuid = Uuid::Parse(text);
    return uuid ? std::optional<TypedId>(TypedId(*uuid)) : std::nullopt;
  }
  static TypedId Make(absl::Time now) { return TypedId(Uuid::MakeV7(now)); }

  const Uuid& uuid() const { return value_; }
  bool is_nil() const { return value_.is_nil(); }
  std::string ToString() const { return value_.ToString(); }

  friend constexpr auto operator<=>(const TypedId&, const TypedId&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const TypedId& id) {
    return H::combine(std::move(h), id.value_);
  }

 private:
  Uuid value_;
};

using TenantId = TypedId<struct TenantTag>;
using UserId = TypedId<struct UserTag>;
using ProjectId = TypedId<struct ProjectTag>;
using ApiKeyId = TypedId<struct ApiKeyTag>;
using WorkflowId = TypedId<struct WorkflowTag>;
using ExecutionId = TypedId<struct ExecutionTag>;
using WebhookId = TypedId<struct WebhookTag>;

}  // namespace penstock
