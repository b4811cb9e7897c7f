#include "services/workflow_engine/domain/workflow_document.h"

#include "fmt/format.h"
#include "services/workflow_engine/domain/json_reader.h"

namespace penstock::workflow_engine {
namespace {

Json ParsePart(const std::string& text) {
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

// Left out = as in an empty definition. A part of the wrong type is found where all drafts are
// checked.
void ReadPart(const Json& definition, const char* name, std::string& text) {
  if (definition.contains(name)) text = definition[name].dump();
}

}  // namespace

Json WriteDocument(const WorkflowDraft& draft) {
  return {{"format", kDocumentFormat},
          {"name", draft.name},
          {"description", draft.description},
          {"service_display_name", draft.service_display_name},
          {"tags", draft.tags},
          {"definition",
           {{"nodes", ParsePart(draft.definition.nodes)},
            {"edges", ParsePart(draft.definition.edges)},
            {"variables", ParsePart(draft.definition.variables)},
            {"settings", ParsePart(draft.definition.settings)}}}};
}

WorkflowDraft ReadDocument(const Json& document, std::vector<Problem>& problems) {
  JsonReader reader(document, "", "", problems);
  std::string format;
  reader.Read("format", format);
  if (format != kDocumentFormat) {
    reader.AddProblem("format", fmt::format("must be \"{}\"", kDocumentFormat));
  }
  WorkflowDraft draft;
  reader.Read("name", draft.name);
  reader.Read("description", draft.description);
  reader.Read("service_display_name", draft.service_display_name);
  reader.Read("tags", draft.tags);
  if (const Json* definition = reader.FindObject("definition")) {
    ReadPart(*definition, "nodes", draft.definition.nodes);
    ReadPart(*definition, "edges", draft.definition.edges);
    ReadPart(*definition, "variables", draft.definition.variables);
    ReadPart(*definition, "settings", draft.definition.settings);
  }
  return draft;
}

}  // namespace penstock::workflow_engine
