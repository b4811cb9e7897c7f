#include "services/workflow_engine/nodes/transform/merge.h"

#include <set>
#include <string>

#include "libs/json/quote.h"
#include "simdjson.h"

namespace penstock::workflow_engine {
namespace {

namespace ondemand = simdjson::ondemand;

// Calls visit(name, raw value) for each member; false when `text` is not an object.
template <typename Visit>
bool ForEachMember(std::string_view text, Visit&& visit) {
  ondemand::parser parser;
  const simdjson::padded_string padded(text);
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) return false;
  for (auto field : object) {
    std::string_view name;
    std::string_view value;
    if (field.unescaped_key().get(name)) return false;
    const std::string key(name);
    if (simdjson::to_json_string(field.value()).get(value)) return false;
    visit(key, value);
  }
  return true;
}

}  // namespace

std::optional<std::string> MergeObjects(std::string_view base, std::string_view over) {
  std::set<std::string> replaced;
  std::string added;
  const bool over_is_object = ForEachMember(over, [&](const std::string& name, std::string_view value) {
    replaced.insert(name);
    if (!added.empty()) added += ',';
    json::AppendQuoted(added, name);
    added += ':';
    added += value;
  });
  if (!over_is_object) return std::nullopt;
  std::string merged;
  const bool base_is_object = ForEachMember(base, [&](const std::string& name, std::string_view value) {
    if (replaced.contains(name)) return;
    if (!merged.empty()) merged += ',';
    json::AppendQuoted(merged, name);
    merged += ':';
    merged += value;
  });
  if (!base_is_object) return std::nullopt;
  if (!merged.empty() && !added.empty()) merged += ',';
  return "{" + merged + added + "}";
}

}  // namespace penstock::workflow_engine
