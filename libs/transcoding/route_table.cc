#include "libs/transcoding/route_table.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"

namespace penstock::transcoding {

absl::StatusOr<RouteTable> RouteTable::Create(std::vector<Binding> bindings) {
  for (size_t i = 0; i < bindings.size(); ++i) {
    for (size_t j = i + 1; j < bindings.size(); ++j) {
      if (bindings[i].http_method != bindings[j].http_method) continue;
      if (Compare(bindings[i].path, bindings[j].path) != Overlap::kAmbiguous) continue;
      return absl::InvalidArgumentError(
          fmt::format("{} {} of {} and {} of {} match the same paths, and neither is more literal",
                      http::MethodName(bindings[i].http_method), bindings[i].path.text(),
                      bindings[i].rpc(), bindings[j].path.text(), bindings[j].rpc()));
    }
  }
  RouteTable table;
  table.bindings_ = std::move(bindings);
  return table;
}

RouteTable::Found RouteTable::Find(http::Method method, std::string_view path) const {
  const http::Method served = method == http::Method::kHead ? http::Method::kGet : method;
  Found found;
  for (const Binding& binding : bindings_) {
    std::optional<std::vector<std::string_view>> values = binding.path.Match(path);
    if (!values) continue;
    if (std::ranges::find(found.methods, binding.http_method) == found.methods.end()) {
      found.methods.push_back(binding.http_method);
    }
    if (binding.http_method != served) continue;
    if (found.binding != nullptr &&
        Compare(binding.path, found.binding->path) != Overlap::kFirstWithin) {
      continue;
    }
    found.binding = &binding;
    found.values = *std::move(values);
  }
  return found;
}

std::string AllowOf(const std::vector<http::Method>& methods) {
  std::string allow;
  for (http::Method method : methods) {
    allow.append(http::MethodName(method));
    allow.append(method == http::Method::kGet ? ", HEAD, " : ", ");
  }
  return allow + "OPTIONS";
}

}  // namespace penstock::transcoding
