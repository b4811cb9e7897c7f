// Provider as JSON: the format of catalogue/*.json and of what the database keeps.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "penstock/connector/v1/provider.pb.h"

namespace penstock::connector {

// Proto3 JSON, strictly: a field that Provider does not have is an INVALID_ARGUMENT, so that a typo
// is not a fact that is silently missing.
absl::StatusOr<connector::v1::Provider> ParseProvider(const std::string& text);

// With the proto's own field names, unset fields left out.
absl::StatusOr<std::string> ProviderToJson(const connector::v1::Provider& provider);

}  // namespace penstock::connector
