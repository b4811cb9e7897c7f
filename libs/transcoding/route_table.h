// From method and path to the binding that serves them. Immutable; where several templates match,
// the most literal one is taken.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/transcoding/binding.h"

namespace penstock::transcoding {

class RouteTable {
 public:
  // INVALID_ARGUMENT when a path could be served by two bindings of one method neither of which is
  // wholly more literal, naming both.
  static absl::StatusOr<RouteTable> Create(std::vector<Binding> bindings);

  struct Found {
    const Binding* binding = nullptr;           // null = nothing serves it
    std::vector<std::string_view> values = {};  // of the path's variables, percent-encoded
    std::vector<http::Method> methods = {};     // that the path has, whether found or not
  };
  // HEAD is served by GET's binding.
  Found Find(http::Method method, std::string_view path) const;

  const std::vector<Binding>& bindings() const { return bindings_; }

 private:
  std::vector<Binding> bindings_;
};

// "GET, HEAD, POST, OPTIONS"
std::string AllowOf(const std::vector<http::Method>& methods);

}  // namespace penstock::transcoding
