// A one-dimensional array parameter, encoded while it is filled, so that sending a thousand rows to unnest() is a few appends each and
// no second pass.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "libs/ids/uuid.h"
#include "libs/postgres/wire.h"

namespace penstock::postgres {

// T is bool, int16_t, int32_t, int64_t, double, std::string_view (text), Uuid, absl::Time (timestamptz), Json, Jsonb or Bytes.
template <typename T>
class Array {
 public:
  Array() { Clear(); }

  void Append(const T& value) {
    AppendBigEndian(wire_, Wire<T>::Size(value));
    Wire<T>::Append(wire_, value);
    ++size_;
  }
  void AppendNull() {
    AppendBigEndian(wire_, int32_t{-1});
    has_null_ = true;
    ++size_;
  }
  // U is T or something that becomes one, as std::string does in an array of text.
  template <typename U>
  void Append(const std::optional<U>& value) {
    value ? Append(*value) : AppendNull();
  }
  template <typename Tag>
  void Append(const TypedId<Tag>& id) {
    Append(id.uuid());
  }

  // Room for `elements` that take `bytes_each` on average.
  void Reserve(int32_t elements, int32_t bytes_each) {
    wire_.reserve(kHeaderSize + static_cast<size_t>(elements) * (sizeof(int32_t) + bytes_each));
  }
  void Clear() {
    wire_.assign(kHeaderSize, '\0');
    size_ = 0;
    has_null_ = false;
  }
  int32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // As the server takes it. The second form gives the buffer away and leaves the array empty.
  std::string wire() const& { return WithHeader(wire_); }
  std::string wire() && {
    std::string result = WithHeader(std::move(wire_));
    Clear();
    return result;
  }

 private:
  // Dimensions, has-null flag, element type, then length and lower bound of the one dimension.
  static constexpr size_t kHeaderSize = 20;
  // An empty array has no dimension.
  static constexpr size_t kEmptyHeaderSize = 12;

  std::string WithHeader(std::string wire) const {
    std::string header;
    AppendBigEndian(header, int32_t{size_ == 0 ? 0 : 1});
    AppendBigEndian(header, int32_t{has_null_});
    AppendBigEndian(header, Wire<T>::kOid);
    AppendBigEndian(header, size_);
    AppendBigEndian(header, int32_t{1});
    wire.replace(0, kHeaderSize, header);
    if (size_ == 0) wire.resize(kEmptyHeaderSize);
    return wire;
  }

  std::string wire_;  // begins with room for the header, which is known only at the end
  int32_t size_ = 0;
  bool has_null_ = false;
};

}  // namespace penstock::postgres
