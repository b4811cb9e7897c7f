// An HTTP request as the message of an RPC.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "libs/transcoding/binding.h"

namespace penstock::transcoding {

struct RequestParts {
  std::span<const std::string_view> path_values;  // as RouteTable found them
  std::string_view query;                         // without '?', percent-encoded
  std::string_view body;
};

// Body, query and path put together. INVALID_ARGUMENT with every wrong query parameter and path
// variable named: one that there is not, that comes twice, that does not convert, or that the body
// has too with another value. A PATCH or PUT without a field mask gets the one of the fields that
// its JSON names, in the first level (see Binding::mask_field).
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> MakeRequest(const Binding& binding,
                                                                       const RequestParts& parts);

}  // namespace penstock::transcoding
