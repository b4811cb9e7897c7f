// Where an api_spec says its API is.
#pragma once

#include <string>

#include "services/connector/openapi/document.h"

namespace penstock::connector::openapi {

// servers[0].url with its variables at their defaults; empty when the spec names none. May be
// relative, and is not checked: whether its host is the connector's is for the caller to compare.
std::string ReadServerUrl(const Json& spec, Findings& findings);

}  // namespace penstock::connector::openapi
