// Whether a service interface is one that can be stored, and values one that it takes or returns.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/interfaces/domain/service_interface.h"

namespace penstock::interfaces {

// INVALID_ARGUMENT with every field that is wrong; within a schema
// "service_interface.payload_schema" and a JSON pointer.
absl::Status CheckInterface(const ServiceInterface& interface);

// INVALID_ARGUMENT (PAYLOAD_MISMATCH) with a violation for each place, "payload" and a JSON
// pointer.
absl::Status CheckPayload(const ServiceInterface& interface, const std::string& payload);

// FAILED_PRECONDITION (RETURN_MISMATCH, metadata execution_id) that names the first place.
absl::Status CheckReturned(const ServiceInterface& interface, const std::string& value,
                           const std::string& execution_id);

}  // namespace penstock::interfaces
