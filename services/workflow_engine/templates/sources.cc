#include "services/workflow_engine/templates/sources.h"

#include <string_view>

namespace penstock::workflow_engine {

bool Sources::AppendText(const json::Path& path, std::string& out) {
  return Find(path, &json::Lookup::AppendText, out);
}

bool Sources::AppendJson(const json::Path& path, std::string& out) {
  return Find(path, &json::Lookup::AppendJson, out);
}

bool Sources::Find(const json::Path& path, Append append, std::string& out) {
  if ((input_.*append)(path, 0, out)) return true;
  if (path[0].key == "input") return (input_.*append)(path, 1, out);
  size_t used = 0;
  return PrepareOther(path, used) && ((*other_).*append)(path, used, out);
}

bool Sources::PrepareOther(const json::Path& path, size_t& used) {
  const std::string& root = path[0].key;
  const bool node_output = root == "nodes" && path.size() >= 3 && path[2].key == "output";
  used = node_output ? 3 : 1;
  std::string name = node_output ? "nodes." + path[1].key : root;
  if (name == other_name_) return other_.has_value();
  other_.reset();
  other_name_ = std::move(name);
  std::optional<std::string_view> text;
  if (node_output) {
    text = context_.output_of(path[1].key);
  } else if (root == "variables") {
    text = context_.variables();
  } else if (root == "execution") {
    text = context_.execution();
  } else if (root == "trigger") {
    text = context_.trigger();
  }
  if (text) other_.emplace(*text);
  return other_.has_value();
}

}  // namespace penstock::workflow_engine
