#include "services/workflow_engine/domain/promise_check.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

class References {
 public:
  References(const GraphNode& node, const std::function<bool(std::string_view)>& exists, std::vector<Problem>& problems)
      : node_(node), exists_(exists), problems_(problems) {}

  // Config is no deeper than kMaxJsonDepth.
  void Look(const Json& value, const std::string& field) {
    if (value.is_object()) {
      for (const auto& [name, member] : value.items()) Look(member, field + "." + name);
    } else if (value.is_array()) {
      for (size_t i = 0; i < value.size(); ++i) Look(value[i], fmt::format("{}[{}]", field, i));
    } else if (value.is_string()) {
      LookAtText(value.get_ref<const std::string&>(), field);
    }
  }

 private:
  void LookAtText(const std::string& text, const std::string& field) {
    absl::StatusOr<Template> parsed = Template::Parse(text);
    if (!parsed.ok()) return;  // a problem already
    for (const json::Path& path : parsed->paths()) {
      bool names_node = path.size() >= 3 && path[0].key == "nodes" && path[2].key == "output";
      if (!names_node || exists_(path[1].key)) continue;
      problems_.push_back({node_.definition.id, field, fmt::format("there is no node \"{}\"", path[1].key)});
    }
  }

  const GraphNode& node_;
  const std::function<bool(std::string_view)>& exists_;
  std::vector<Problem>& problems_;
};

// How many of the edges from one node may be taken in one run.
struct FromOneNode {
  int always = 0;
  int errors = 0;
  std::map<std::string, int> branches;

  int AtMost() const {
    int branch = 0;
    for (const auto& [label, count] : branches) branch = std::max(branch, count);
    return std::max(always + branch, errors);
  }
};

}  // namespace

void CheckReferences(const GraphNode& node, const std::string& field, const std::function<bool(std::string_view)>& exists,
                     std::vector<Problem>& problems) {
  References references(node, exists, problems);
  references.Look(node.type->templates(node.definition), field + ".config");
}

void CheckCount(const GraphNode& node, const std::string& field, const std::vector<GraphEdge>& edges, std::vector<Problem>& problems) {
  if (node.readiness.needed == Readiness::kAll || node.incoming.empty()) return;
  std::map<int, FromOneNode> sources;
  for (int number : node.incoming) {
    const GraphEdge& edge = edges[number];
    FromOneNode& source = sources[edge.source];
    ++(edge.label.empty() ? source.always : edge.label == "error" ? source.errors : source.branches[edge.label]);
  }
  int at_most = 0;
  for (const auto& [number, source] : sources) at_most += source.AtMost();
  if (node.readiness.needed <= at_most) return;
  problems.push_back({node.definition.id, field + ".config.count",
                      fmt::format("can never be reached: at most {} of the {} edges that lead here are taken in one run", at_most,
                                  node.incoming.size())});
}

}  // namespace penstock::workflow_engine
