// One parameter of an operation, from the api_spec.
#pragma once

#include "services/connector/openapi/document.h"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

enum class Reading {
  kTaken,
  kIgnored,         // the operation goes without it; or it is a problem, which findings have
  kCannotBeCalled,  // the operation takes what can't be sent; findings have a note
};

Reading ReadParameter(const Json& document, const Place& place, Parameter& parameter,
                      Findings& findings);

// Whether requests may carry a header of this name that a caller fills in: a token, and none that
// authenticates, names the host or frames the message.
bool IsCallersHeader(const std::string& name);

}  // namespace penstock::connector::openapi
