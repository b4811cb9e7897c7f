#include "libs/postgres/result.h"

#include <libpq-fe.h>

#include <bit>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "libs/postgres/wire.h"

namespace penstock::postgres {
namespace {

// Types that are only ever read; the others have a Wire.
constexpr uint32_t kChar = 18;
constexpr uint32_t kName = 19;
constexpr uint32_t kOidType = 26;
constexpr uint32_t kFloat4 = 700;
constexpr uint32_t kBpchar = 1042;
constexpr uint32_t kVarchar = 1043;

bool IsTextual(uint32_t type) {
  switch (type) {
    case Wire<std::string_view>::kOid:
    case Wire<Json>::kOid:
    case Wire<Jsonb>::kOid:
    case Wire<Bytes>::kOid:
    case kChar:
    case kName:
    case kBpchar:
    case kVarchar:
      return true;
    default:
      return false;
  }
}

std::optional<int64_t> ReadInteger(uint32_t type, const char* bytes) {
  switch (type) {
    case Wire<int16_t>::kOid:
      return ReadBigEndian<int16_t>(bytes);
    case Wire<int32_t>::kOid:
      return ReadBigEndian<int32_t>(bytes);
    case Wire<int64_t>::kOid:
      return ReadBigEndian<int64_t>(bytes);
    case kOidType:
      return ReadBigEndian<uint32_t>(bytes);
    default:
      return std::nullopt;
  }
}

// Calls `element` with the bytes of each element of a one-dimensional array without NULLs.
template <typename Element>
bool ReadArray(std::string_view bytes, uint32_t element_type, Element element) {
  const char* at = bytes.data();
  int32_t dimensions = ReadBigEndian<int32_t>(at);
  if (dimensions > 1 || ReadBigEndian<uint32_t>(at + 8) != element_type) return false;
  if (dimensions == 0) return true;
  int32_t count = ReadBigEndian<int32_t>(at + 12);
  at += 20;
  for (int32_t i = 0; i < count; ++i) {
    int32_t length = ReadBigEndian<int32_t>(at);
    if (length < 0) return false;
    at += sizeof(length);
    element(std::string_view(at, length));
    at += length;
  }
  return true;
}

}  // namespace

Result::Result(pg_result* result) : result_(result, [](pg_result* owned) { PQclear(owned); }) {}

int Result::rows() const { return PQntuples(result_.get()); }

int Result::columns() const { return PQnfields(result_.get()); }

int64_t Result::affected_rows() const {
  std::string_view text = PQcmdTuples(result_.get());
  int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

bool Result::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}

Result::Field Result::At(int row, int column) const {
  if (row < 0 || row >= rows() || column < 0 || column >= columns()) Misfit(column, "a cell");
  if (is_null(row, column)) Misfit(column, "a value, not NULL");
  return {PQftype(result_.get(), column),
          {PQgetvalue(result_.get(), row, column),
           static_cast<size_t>(PQgetlength(result_.get(), row, column))}};
}

void Result::Misfit(int column, const char* wanted) const {
  const char* name = PQfname(result_.get(), column);
  std::fprintf(stderr, "column %d (%s, type %u) of a result was read as %s\n", column,
               name != nullptr ? name : "none", PQftype(result_.get(), column), wanted);
  std::abort();
}

void Result::Read(int row, int column, bool& value) const {
  Field field = At(row, column);
  if (field.type != Wire<bool>::kOid) Misfit(column, "bool");
  value = field.bytes[0] != 0;
}

void Result::Read(int row, int column, int16_t& value) const {
  Field field = At(row, column);
  if (field.type != Wire<int16_t>::kOid) Misfit(column, "int16_t");
  value = ReadBigEndian<int16_t>(field.bytes.data());
}

void Result::Read(int row, int column, int32_t& value) const {
  Field field = At(row, column);
  std::optional<int64_t> integer = ReadInteger(field.type, field.bytes.data());
  if (!integer || field.bytes.size() > sizeof(value)) Misfit(column, "int32_t");
  value = static_cast<int32_t>(*integer);
}

void Result::Read(int row, int column, int64_t& value) const {
  Field field = At(row, column);
  std::optional<int64_t> integer = ReadInteger(field.type, field.bytes.data());
  if (!integer) Misfit(column, "int64_t");
  value = *integer;
}

void Result::Read(int row, int column, double& value) const {
  Field field = At(row, column);
  if (field.type == Wire<double>::kOid) {
    value = std::bit_cast<double>(ReadBigEndian<uint64_t>(field.bytes.data()));
  } else if (field.type == kFloat4) {
    value = std::bit_cast<float>(ReadBigEndian<uint32_t>(field.bytes.data()));
  } else {
    Misfit(column, "double");
  }
}

void Result::Read(int row, int column, std::string& value) const {
  std::string_view view;
  Read(row, column, view);
  value.assign(view);
}

void Result::Read(int row, int column, std::string_view& value) const {
  Field field = At(row, column);
  if (!IsTextual(field.type)) Misfit(column, "text");
  value = field.bytes;
  if (field.type == Wire<Jsonb>::kOid) value.remove_prefix(sizeof(Wire<Jsonb>::kVersion));
}

void Result::Read(int row, int column, Uuid& value) const {
  Field field = At(row, column);
  if (field.type != Wire<Uuid>::kOid) Misfit(column, "Uuid");
  value = *Uuid::FromBytes(field.bytes);
}

void Result::Read(int row, int column, absl::Time& value) const {
  Field field = At(row, column);
  if (field.type != Wire<absl::Time>::kOid) Misfit(column, "absl::Time");
  int64_t micros = ReadBigEndian<int64_t>(field.bytes.data());
  if (micros == INT64_MAX) {
    value = absl::InfiniteFuture();
  } else if (micros == INT64_MIN) {
    value = absl::InfinitePast();
  } else {
    value = absl::FromUnixMicros(micros + kPostgresEpochUnixMicros);
  }
}

void Result::Read(int row, int column, std::vector<std::string>& value) const {
  Field field = At(row, column);
  bool fits = field.type == Wire<std::string_view>::kArrayOid &&
              ReadArray(field.bytes, Wire<std::string_view>::kOid,
                        [&](std::string_view element) { value.emplace_back(element); });
  if (!fits) Misfit(column, "std::vector<std::string>");
}

void Result::Read(int row, int column, std::vector<Uuid>& value) const {
  Field field = At(row, column);
  bool fits = field.type == Wire<Uuid>::kArrayOid &&
              ReadArray(field.bytes, Wire<Uuid>::kOid,
                        [&](std::string_view element) { value.push_back(*Uuid::FromBytes(element)); });
  if (!fits) Misfit(column, "std::vector<Uuid>");
}

void Result::Read(int row, int column, std::vector<int32_t>& value) const {
  Field field = At(row, column);
  bool fits = field.type == Wire<int32_t>::kArrayOid &&
              ReadArray(field.bytes, Wire<int32_t>::kOid, [&](std::string_view element) {
                value.push_back(ReadBigEndian<int32_t>(element.data()));
              });
  if (!fits) Misfit(column, "std::vector<int32_t>");
}

}  // namespace penstock::postgres
