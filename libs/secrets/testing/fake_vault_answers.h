// What the parts of the double have in common: answers as Vault words them.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>

#include "fmt/format.h"
#include "nlohmann/json.hpp"

namespace penstock::secrets {

inline constexpr char kPermissionDenied[] = "1 error occurred:\n\t* permission denied\n\n";
inline constexpr char kUnsupported[] = "1 error occurred:\n\t* unsupported operation\n\n";

inline nlohmann::json Errors(std::initializer_list<std::string> errors) {
  return {{"errors", nlohmann::json(errors)}};
}

inline std::string NoRoute(const std::string& path) {
  return fmt::format("no handler for route \"{}\". route entry not found.", path);
}

// No prefix of ours within another's, as Vault has it.
template <typename Mounts>
typename Mounts::iterator FindMount(Mounts& mounts, const std::string& name_space,
                                    const std::string& path) {
  return std::ranges::find_if(mounts, [&](const auto& mount) {
    return mount.first.first == name_space && path.starts_with(mount.first.second + "/");
  });
}

inline std::string TextOf(const nlohmann::json& body, const char* name) {
  return body.is_object() && body.contains(name) && body[name].is_string()
             ? body[name].get<std::string>()
             : "";
}

}  // namespace penstock::secrets
