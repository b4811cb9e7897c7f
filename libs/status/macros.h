// Early returns for absl::Status and absl::StatusOr, under their upstream names.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(expression)                              \
  do {                                                           \
    if (absl::Status status_ = (expression); !status_.ok()) {    \
      return status_;                                            \
    }                                                            \
  } while (false)

#define ASSIGN_OR_RETURN(left, expression) \
  ASSIGN_OR_RETURN_IMPL_(PENSTOCK_CONCAT_(status_or_, __LINE__), left, expression)

#define ASSIGN_OR_RETURN_IMPL_(status_or, left, expression) \
  auto status_or = (expression);                            \
  if (!status_or.ok()) return std::move(status_or).status(); \
  left = *std::move(status_or)

#define PENSTOCK_CONCAT_(a, b) PENSTOCK_CONCAT_IMPL_(a, b)
#define PENSTOCK_CONCAT_IMPL_(a, b) a##b
