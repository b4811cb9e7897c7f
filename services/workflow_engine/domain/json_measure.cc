#include "services/workflow_engine/domain/json_measure.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "simdjson.h"

namespace penstock::workflow_engine {

int DepthOf(const Json& value) {
  // With a stack of its own: the depth is what is in question.
  int deepest = 0;
  std::vector<std::pair<const Json*, int>> open{{&value, 0}};
  while (!open.empty()) {
    const auto [at, depth] = open.back();
    open.pop_back();
    deepest = std::max(deepest, depth);
    if (!at->is_structured()) continue;
    deepest = std::max(deepest, depth + 1);
    for (const Json& child : *at) {
      if (child.is_structured()) open.emplace_back(&child, depth + 1);
    }
  }
  return deepest;
}

size_t TextSizeOf(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace).size();
}

bool IsUtf8(const Json& value) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    return simdjson::validate_utf8(text.data(), text.size());
  }
  if (value.is_object()) {
    return std::ranges::all_of(value.items(), [](const auto& member) {
      return simdjson::validate_utf8(member.key().data(), member.key().size()) &&
             IsUtf8(member.value());
    });
  }
  return !value.is_array() || std::ranges::all_of(value, IsUtf8);
}

}  // namespace penstock::workflow_engine
