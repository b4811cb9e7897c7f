// Values of parameters and bodies as text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// INVALID_ARGUMENT says what keeps the value from being written, without the value.

// Percent-encoded but for the "," and "=" between parts.
absl::StatusOr<std::string> PathText(const Parameter& parameter, const nlohmann::json& value);
// Not encoded. A list that is written as one text has no item with the delimiter in it.
absl::StatusOr<Pairs> QueryPairs(const Parameter& parameter, const nlohmann::json& value);
absl::StatusOr<std::string> HeaderText(const Parameter& parameter, const nlohmann::json& value);
absl::StatusOr<std::string> BodyText(BodyFormat format, const nlohmann::json& value);

}  // namespace penstock::connector::openapi
