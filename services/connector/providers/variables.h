// The values that a provider asks for, and putting them where they belong.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "penstock/connector/v1/provider.pb.h"
#include "re2/re2.h"

namespace penstock::connector {

using VariableValues = std::map<std::string, std::string>;

// Null when it is no RE2 expression from ^ to $, is longer than 200 bytes, or would take much
// memory: tenants write them, too.
std::unique_ptr<re2::RE2> CompilePattern(const std::string& pattern);

// What is wrong with a value, or OK. Besides the pattern (and the list), a label must be a DNS
// label, a segment made of letters, digits and "-._~" and no dot segment, a host one of the list.
absl::Status CheckValue(const connector::v1::Provider::Variable& variable,
                        const std::string& value);

// `given` with the defaults, each checked. INVALID_ARGUMENT with every value that is missing,
// unknown or wrong, as fields "variables.<name>".
absl::StatusOr<VariableValues> ResolveVariables(const connector::v1::Provider& provider,
                                                const VariableValues& given);

// The provider's base URL. `values` are of ResolveVariables. Never ends with a slash.
absl::StatusOr<std::string> FillBaseUrl(const connector::v1::Provider& provider,
                                        const VariableValues& values);

// The config of an auth method as a connector's auth_config: "..._url" and "issuer" are filled as
// URLs and have to stay on the provider's hosts; any other text that is "{name}" as a whole becomes
// the value.
absl::StatusOr<google::protobuf::Struct> FillAuthConfig(
    const connector::v1::Provider& provider, const connector::v1::Provider::AuthMethod& method,
    const VariableValues& values);

// Whether FillAuthConfig takes it for a URL.
bool IsUrlKey(const std::string& key);

}  // namespace penstock::connector
