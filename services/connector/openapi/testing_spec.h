// What the tests of this folder read specs with.
#pragma once

#include <set>
#include <string>

#include "catch2/catch.hpp"
#include "libs/status/details.h"
#include "services/connector/openapi/api_spec.h"

namespace penstock::connector::openapi {

inline ApiSpec Parsed(const nlohmann::json& spec) {
  absl::StatusOr<ApiSpec> parsed = ApiSpec::Parse(spec);
  INFO(parsed.status());
  REQUIRE(parsed.ok());
  return *std::move(parsed);
}

// "field: description" of each violation.
inline std::set<std::string> LinesOf(const absl::Status& status) {
  std::set<std::string> lines;
  for (const FieldViolation& violation : ViolationsOf(status)) {
    lines.insert(violation.field + ": " + violation.description);
  }
  return lines;
}

using Lines = std::set<std::string>;

}  // namespace penstock::connector::openapi
