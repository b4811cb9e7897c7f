#include "libs/auth/strict_json.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace penstock::auth {
namespace {

constexpr int kMaxDepth = 8;

}  // namespace

std::optional<nlohmann::json> ParseStrictObject(std::string_view text) {
  using nlohmann::json;
  // Otherwise skipped by the parser.
  if (text.starts_with("\xEF\xBB\xBF")) return std::nullopt;
  std::vector<std::set<std::string>> open;
  bool strict = true;
  auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth) strict = false;
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key) {
      strict = open.back().insert(parsed.get<std::string>()).second && strict;
    }
    return true;
  };
  json value = json::parse(text, watch, /*allow_exceptions=*/false);
  if (!strict || !value.is_object()) return std::nullopt;
  return value;
}

}  // namespace penstock::auth
