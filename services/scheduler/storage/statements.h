// The statements of one round trip, counted, so that a result can be found again.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/params.h"

namespace penstock::scheduler::storage {

class Statements {
 public:
  // Where the result will be.
  size_t Add(const postgres::Statement& statement, postgres::Params params) {
    pipeline_.Add(statement, std::move(params));
    return size_++;
  }
  // Asks nobody when there are none.
  absl::StatusOr<std::vector<postgres::Result>> Run(postgres::Connection& connection) const {
    if (size_ == 0) return std::vector<postgres::Result>();
    return pipeline_.Run(connection);
  }

 private:
  postgres::Pipeline pipeline_;
  size_t size_ = 0;
};

}  // namespace penstock::scheduler::storage
