// Parameters of a statement in PostgreSQL's binary format: no quoting, no escaping, no text parsing.
//
//   connection.Execute(kFindTenant, Params().Add(slug));
//   Array<Uuid> ids; ids.Append(a); ids.Append(b);
//   connection.Execute(kInsertMany, Params().Add(ids));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// A one-dimensional array, encoded while it is filled. T is bool, int32_t, int64_t, double, std::string_view (text),
// Uuid, absl::Time (timestamptz), Json, Jsonb or Bytes.
template <typename T>
class Array {
 public:
  Array();
  void Append(const T& value);
  void AppendNull();
  void Append(const std::optional<T>& value) { value ? Append(*value) : AppendNull(); }
  void Clear();
  int32_t size() const { return size_; }

 private:
  friend class Params;
  std::string wire_;  // header and elements; the count is patched in when sent
  int32_t size_ = 0;
  bool has_null_ = false;
};

// Values in order of $1, $2, ... Holds copies, so arguments may go away.
class Params {
 public:
  Params& Add(bool value);
  Params& Add(int32_t value);
  Params& Add(int64_t value);
  Params& Add(double value);
  Params& Add(std::string_view value);
  Params& Add(const char* value) { return Add(std::string_view(value)); }
  Params& Add(const std::string& value) { return Add(std::string_view(value)); }
  Params& Add(const Uuid& value);
  Params& Add(absl::Time value);
  Params& Add(Json value);
  Params& Add(Jsonb value);
  Params& Add(Bytes value);
  template <typename Tag>
  Params& Add(const TypedId<Tag>& value) {
    return Add(value.uuid());
  }
  template <typename T>
  Params& Add(const std::optional<T>& value) {
    return value ? Add(*value) : AddNull();
  }
  template <typename T>
  Params& Add(const Array<T>& value);
  // NULL of any type; write a cast in the SQL where the type can't be told.
  Params& AddNull();

  int size() const { return static_cast<int>(values_.size()); }
  // Parallel views for libpq.
  const std::vector<uint32_t>& types() const { return types_; }
  const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  Params& Push(uint32_t type, std::string wire);
  std::vector<uint32_t> types_;
  std::vector<std::optional<std::string>> values_;
};

}  // namespace penstock::postgres
