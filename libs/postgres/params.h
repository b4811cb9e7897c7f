// Parameters of a statement in PostgreSQL's binary format: no quoting, no escaping, no text parsing.
//
//   connection.Execute(kFindTenant, Params().Add(slug));
//   Array<Uuid> ids; ids.Append(a); ids.Append(b);
//   connection.Execute(kInsertMany, Params().Add(std::move(ids)));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/array.h"
#include "libs/postgres/wire.h"

namespace penstock::postgres {

// Values in order of $1, $2, ... Holds copies, so arguments may go away; an array that is moved in is not copied.
class Params {
 public:
  Params& Add(bool value) { return AddValue(value); }
  Params& Add(int16_t value) { return AddValue(value); }
  Params& Add(int32_t value) { return AddValue(value); }
  Params& Add(int64_t value) { return AddValue(value); }
  Params& Add(double value) { return AddValue(value); }
  Params& Add(std::string_view value) { return AddValue(value); }
  Params& Add(const char* value) { return AddValue(std::string_view(value)); }
  Params& Add(const std::string& value) { return AddValue(std::string_view(value)); }
  Params& Add(std::string&& value) { return Push(Wire<std::string_view>::kOid, std::move(value)); }
  Params& Add(const Uuid& value) { return AddValue(value); }
  Params& Add(absl::Time value) { return AddValue(value); }
  Params& Add(Json value) { return AddValue(value); }
  Params& Add(Jsonb value) { return AddValue(value); }
  Params& Add(Bytes value) { return AddValue(value); }
  template <typename Tag>
  Params& Add(const TypedId<Tag>& value) {
    return AddValue(value.uuid());
  }
  // An absent value is NULL of its type.
  template <typename T>
  Params& Add(const std::optional<T>& value) {
    return value ? Add(*value) : Push(OidOf<T>(), std::nullopt);
  }
  template <typename T>
  Params& Add(const Array<T>& value) {
    return Push(Wire<T>::kArrayOid, value.wire());
  }
  template <typename T>
  Params& Add(Array<T>&& value) {
    return Push(Wire<T>::kArrayOid, std::move(value).wire());
  }
  // NULL of any type; write a cast in the SQL where the type can't be told.
  Params& AddNull() { return Push(0, std::nullopt); }

  int size() const { return static_cast<int>(values_.size()); }
  // Parallel views for libpq. A type of 0 is for the server to tell.
  const std::vector<uint32_t>& types() const { return types_; }
  const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  template <typename T>
  static constexpr uint32_t OidOf() {
    if constexpr (requires { Wire<T>::kOid; }) {
      return Wire<T>::kOid;
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      return Wire<std::string_view>::kOid;
    } else {
      return Wire<Uuid>::kOid;  // a TypedId
    }
  }
  template <typename T>
  Params& AddValue(const T& value) {
    std::string wire;
    Wire<T>::Append(wire, value);
    return Push(Wire<T>::kOid, std::move(wire));
  }
  Params& Push(uint32_t type, std::optional<std::string> wire) {
    types_.push_back(type);
    values_.push_back(std::move(wire));
    return *this;
  }

  std::vector<uint32_t> types_;
  std::vector<std::optional<std::string>> values_;
};

}  // namespace penstock::postgres
