// A workflow as one self-contained JSON document, to be kept in a repository or carried elsewhere:
//
//   {"format": "penstock.workflow/v1", "name": ..., "description": ..., "service_display_name":
//   ...,
//    "tags": [...], "definition": {"nodes": [...], "edges": [...], "variables": {}, "settings":
//    {}}}
//
// It holds what its author decides and nothing that belongs to one installation: no ids, status or
// times.
#pragma once

#include <string>
#include <vector>

#include "services/workflow_engine/domain/definition.h"
#include "services/workflow_engine/domain/workflow.h"

namespace penstock::workflow_engine {

inline constexpr char kDocumentFormat[] = "penstock.workflow/v1";

Json WriteDocument(const WorkflowDraft& draft);

// Appends a problem, named by its place in the document, for what is not of its type or of another
// format; whether the draft is otherwise as it should be is not asked here.
WorkflowDraft ReadDocument(const Json& document, std::vector<Problem>& problems);

}  // namespace penstock::workflow_engine
