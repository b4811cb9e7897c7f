// For the set-up of tests: ends the process with a message when a step fails.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace penstock::testing {

[[noreturn]] inline void Fail(std::string_view what, std::string_view why) {
  std::fprintf(stderr, "test set-up: %.*s: %.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(why.size()), why.data());
  std::abort();
}

inline void Check(const absl::Status& status, std::string_view what) {
  if (!status.ok()) Fail(what, status.ToString());
}

template <typename T>
T Check(absl::StatusOr<T> value, std::string_view what) {
  Check(value.status(), what);
  return *std::move(value);
}

}  // namespace penstock::testing
