// What can be wrong with a draft before anybody asks whether it would run: its texts, and whether
// the definition has the shape of one.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/status/details.h"
#include "services/workflow_engine/domain/workflow.h"

namespace penstock::workflow_engine {

inline constexpr size_t kMaxNameLength = 100;
inline constexpr size_t kMaxDescriptionLength = 500;
inline constexpr size_t kMaxTags = 50;
inline constexpr size_t kMaxTagLength = 64;
inline constexpr size_t kMaxRequestIdLength = 255;
inline constexpr size_t kMaxDefinitionBytes = 4 << 20;

// INVALID_ARGUMENT with every violation. `field` is where the draft is in the request, for example
// "workflow".
absl::Status CheckDraft(const WorkflowDraft& draft, const std::string& field);

// Whether a definition can be looked at and kept at all: JSON, UTF-8, size, depth.
// INVALID_ARGUMENT.
absl::Status CheckDefinitionText(const DefinitionText& definition, const std::string& field);

// Empty or up to kMaxRequestIdLength characters. INVALID_ARGUMENT.
absl::Status CheckRequestId(const std::string& request_id);

}  // namespace penstock::workflow_engine
