// The query of a URL, one parameter at a time, the rest as it was written. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::connector {

// Decoded; the first of that name.
std::optional<std::string> FindParameter(std::string_view url, std::string_view name);

// With the parameter at the end, in place of any of that name.
std::string WithParameter(std::string_view url, std::string_view name, std::string_view value);

// Without the parameters that `drop` says, by decoded name and value.
std::string WithoutParameters(std::string_view url,
                              const std::function<bool(std::string_view, std::string_view)>& drop);

}  // namespace penstock::connector
