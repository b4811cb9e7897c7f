// Where a template's paths are looked up, in their order.
#pragma once

#include <optional>
#include <string>

#include "libs/json/lookup.h"
#include "libs/json/path.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

// Lives for one rendering. Prepares each JSON text at most once as long as the same one is asked for.
class Sources {
 public:
  explicit Sources(const NodeContext& context) : context_(context), input_(context.input()) {}

  // False when the path leads nowhere.
  bool AppendText(const json::Path& path, std::string& out);
  bool AppendJson(const json::Path& path, std::string& out);

 private:
  using Append = bool (json::Lookup::*)(const json::Path&, size_t, std::string&);
  bool Find(const json::Path& path, Append append, std::string& out);
  // The text that the path's first segments name, ready in other_. `used` = how many segments those were.
  bool PrepareOther(const json::Path& path, size_t& used);

  const NodeContext& context_;
  json::Lookup input_;
  std::optional<json::Lookup> other_;
  std::string other_name_;
};

}  // namespace penstock::workflow_engine
