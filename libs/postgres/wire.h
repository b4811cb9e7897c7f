// PostgreSQL's binary format of single values: big-endian numbers, microseconds since 2000. One specialisation of Wire per type that
// can be a parameter or an element of an array.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::postgres {

// JSON text for a json or jsonb parameter. Not checked here; PostgreSQL does.
struct Json {
  std::string_view text;
};

// A jsonb parameter (json and jsonb differ on the wire).
struct Jsonb {
  std::string_view text;
};

struct Bytes {
  std::string_view data;
};

// PostgreSQL counts from 2000-01-01 00:00 UTC.
inline constexpr int64_t kPostgresEpochUnixMicros = 946'684'800'000'000;

template <typename Integer>
Integer ToBigEndian(Integer value) {
  if constexpr (std::endian::native == std::endian::big || sizeof(Integer) == 1) {
    return value;
  } else if constexpr (sizeof(Integer) == 2) {
    return static_cast<Integer>(__builtin_bswap16(static_cast<uint16_t>(value)));
  } else if constexpr (sizeof(Integer) == 4) {
    return static_cast<Integer>(__builtin_bswap32(static_cast<uint32_t>(value)));
  } else {
    return static_cast<Integer>(__builtin_bswap64(static_cast<uint64_t>(value)));
  }
}

template <typename Integer>
void AppendBigEndian(std::string& out, Integer value) {
  value = ToBigEndian(value);
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename Integer>
Integer ReadBigEndian(const char* data) {
  Integer value;
  std::memcpy(&value, data, sizeof(value));
  return ToBigEndian(value);
}

// kOid and kArrayOid are the type's numbers in pg_type; Size and Append say how a value travels.
template <typename T>
struct Wire;

template <typename T, uint32_t oid, uint32_t array_oid>
struct FixedWire {
  static constexpr uint32_t kOid = oid;
  static constexpr uint32_t kArrayOid = array_oid;
  static int32_t Size(const T&) { return sizeof(T); }
  static void Append(std::string& out, T value) { AppendBigEndian(out, value); }
};

template <> struct Wire<int16_t> : FixedWire<int16_t, 21, 1005> {};
template <> struct Wire<int32_t> : FixedWire<int32_t, 23, 1007> {};
template <> struct Wire<int64_t> : FixedWire<int64_t, 20, 1016> {};

template <>
struct Wire<bool> {
  static constexpr uint32_t kOid = 16;
  static constexpr uint32_t kArrayOid = 1000;
  static int32_t Size(bool) { return 1; }
  static void Append(std::string& out, bool value) { out.push_back(value ? 1 : 0); }
};

template <>
struct Wire<double> {
  static constexpr uint32_t kOid = 701;
  static constexpr uint32_t kArrayOid = 1022;
  static int32_t Size(double) { return 8; }
  static void Append(std::string& out, double value) {
    AppendBigEndian(out, std::bit_cast<uint64_t>(value));
  }
};

template <>
struct Wire<absl::Time> {
  static constexpr uint32_t kOid = 1184;
  static constexpr uint32_t kArrayOid = 1185;
  static int32_t Size(absl::Time) { return 8; }
  static void Append(std::string& out, absl::Time value) { AppendBigEndian(out, Micros(value)); }

 private:
  static int64_t Micros(absl::Time value) {
    if (value == absl::InfiniteFuture()) return INT64_MAX;  // 'infinity'
    if (value == absl::InfinitePast()) return INT64_MIN;    // '-infinity'
    return absl::ToUnixMicros(value) - kPostgresEpochUnixMicros;
  }
};

template <>
struct Wire<Uuid> {
  static constexpr uint32_t kOid = 2950;
  static constexpr uint32_t kArrayOid = 2951;
  static int32_t Size(const Uuid&) { return 16; }
  static void Append(std::string& out, const Uuid& value) { out.append(value.as_string_view()); }
};

template <>
struct Wire<std::string_view> {
  static constexpr uint32_t kOid = 25;
  static constexpr uint32_t kArrayOid = 1009;
  static int32_t Size(std::string_view value) { return static_cast<int32_t>(value.size()); }
  static void Append(std::string& out, std::string_view value) { out.append(value); }
};

template <>
struct Wire<Json> {
  static constexpr uint32_t kOid = 114;
  static constexpr uint32_t kArrayOid = 199;
  static int32_t Size(Json value) { return static_cast<int32_t>(value.text.size()); }
  static void Append(std::string& out, Json value) { out.append(value.text); }
};

template <>
struct Wire<Jsonb> {
  static constexpr uint32_t kOid = 3802;
  static constexpr uint32_t kArrayOid = 3807;
  static constexpr char kVersion = 1;
  static int32_t Size(Jsonb value) { return static_cast<int32_t>(value.text.size() + 1); }
  static void Append(std::string& out, Jsonb value) {
    out.push_back(kVersion);
    out.append(value.text);
  }
};

template <>
struct Wire<Bytes> {
  static constexpr uint32_t kOid = 17;
  static constexpr uint32_t kArrayOid = 1001;
  static int32_t Size(Bytes value) { return static_cast<int32_t>(value.data.size()); }
  static void Append(std::string& out, Bytes value) { out.append(value.data); }
};

}  // namespace penstock::postgres
