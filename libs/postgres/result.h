// Rows of one statement, in binary format. Columns by position, from 0.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

struct pg_result;

namespace penstock::postgres {

class Result {
 public:
  // Takes the libpq result over.
  explicit Result(pg_result* result);

  int rows() const;
  int columns() const;
  // Rows that an INSERT, UPDATE or DELETE touched.
  int64_t affected_rows() const;
  bool is_null(int row, int column) const;

  // T is bool, int16_t, int32_t, int64_t, double, std::string, std::string_view (both text, json, jsonb, bytea; the view lives as long
  // as the Result), Uuid, absl::Time, std::vector<std::string> (text[]), std::vector<Uuid> (uuid[]), std::vector<int32_t> (int[]), a
  // TypedId, or std::optional of one of these for a column that may be NULL. Integers may be wider than the column. A type that
  // does not fit the column, and NULL where no optional was asked for, are programmer errors and abort.
  template <typename T>
  T Get(int row, int column) const {
    return Reader<T>::Read(*this, row, column);
  }

 private:
  template <typename T>
  struct Reader {
    static T Read(const Result& result, int row, int column) {
      T value;
      result.Read(row, column, value);
      return value;
    }
  };
  template <typename T>
  struct Reader<std::optional<T>> {
    static std::optional<T> Read(const Result& result, int row, int column) {
      if (result.is_null(row, column)) return std::nullopt;
      return result.Get<T>(row, column);
    }
  };
  template <typename Tag>
  struct Reader<TypedId<Tag>> {
    static TypedId<Tag> Read(const Result& result, int row, int column) {
      return TypedId<Tag>(result.Get<Uuid>(row, column));
    }
  };

  void Read(int row, int column, bool& value) const;
  void Read(int row, int column, int16_t& value) const;
  void Read(int row, int column, int32_t& value) const;
  void Read(int row, int column, int64_t& value) const;
  void Read(int row, int column, double& value) const;
  void Read(int row, int column, std::string& value) const;
  void Read(int row, int column, std::string_view& value) const;
  void Read(int row, int column, Uuid& value) const;
  void Read(int row, int column, absl::Time& value) const;
  void Read(int row, int column, std::vector<std::string>& value) const;
  void Read(int row, int column, std::vector<Uuid>& value) const;
  void Read(int row, int column, std::vector<int32_t>& value) const;

  // The column's type and the bytes of the value, which must not be NULL.
  struct Field {
    uint32_t type;
    std::string_view bytes;
  };
  Field At(int row, int column) const;
  [[noreturn]] void Misfit(int column, const char* wanted) const;

  std::shared_ptr<pg_result> result_;
};

}  // namespace penstock::postgres
