#include "libs/json_schema/value.h"

#include <algorithm>
#include <string>

#include "libs/json_schema/number.h"

namespace penstock::json_schema {
namespace {

using Json = nlohmann::json;

int Rank(const Json& value) {
  if (value.is_null()) return 0;
  if (value.is_boolean()) return 1;
  if (value.is_number()) return 2;
  if (value.is_string()) return 3;
  if (value.is_array()) return 4;
  return value.is_object() ? 5 : 6;
}

int CompareArrays(const Json& left, const Json& right) {
  for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (const int order = Compare(left[i], right[i]); order != 0) return order;
  }
  return (left.size() > right.size()) - (left.size() < right.size());
}

// Members are sorted by name.
int CompareObjects(const Json& left, const Json& right) {
  auto a = left.begin();
  auto b = right.begin();
  for (; a != left.end() && b != right.end(); ++a, ++b) {
    if (const int order = a.key().compare(b.key()); order != 0) return order;
    if (const int order = Compare(*a, *b); order != 0) return order;
  }
  return (left.size() > right.size()) - (left.size() < right.size());
}

}  // namespace

int Compare(const Json& left, const Json& right) {
  const int rank = Rank(left);
  if (rank != Rank(right)) return rank - Rank(right);
  switch (rank) {
    case 1:
      return left.get<bool>() - right.get<bool>();
    case 2:
      return CompareNumbers(left, right);
    case 3:
      return left.get_ref<const std::string&>().compare(right.get_ref<const std::string&>());
    case 4:
      return CompareArrays(left, right);
    case 5:
      return CompareObjects(left, right);
    default:
      return 0;
  }
}

bool IsDeeperThan(const Json& value, int levels) {
  if (!value.is_structured()) return false;
  if (levels == 0) return true;
  return std::any_of(value.begin(), value.end(),
                     [&](const Json& child) { return IsDeeperThan(child, levels - 1); });
}

size_t Weigh(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size() + 2;
  if (value.is_array()) {
    size_t weight = 2;
    for (const Json& item : value) weight += Weigh(item) + 1;
    return weight;
  }
  if (value.is_object()) {
    size_t weight = 2;
    for (const auto& [name, member] : value.items()) weight += name.size() + Weigh(member) + 4;
    return weight;
  }
  return 4;
}

}  // namespace penstock::json_schema
