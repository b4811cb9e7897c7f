// Definitions on the wire and as they are stored.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "penstock/workflow/v1/workflow.pb.h"
#include "services/workflow_engine/domain/definition_json.h"

namespace penstock::workflow_engine {

// INVALID_ARGUMENT for what is no JSON (NaN, infinities, invalid UTF-8) or nested too deep; `field`
// is where the definition is in the request. Members that are not set are left out.
absl::StatusOr<DefinitionText> FromProto(const workflow::v1::Definition& definition,
                                         const std::string& field);

// Members that the proto has no field for stay behind: only an export shows them. DATA_LOSS when
// the text is no definition.
absl::Status ToProto(const DefinitionText& text, workflow::v1::Definition& definition);

}  // namespace penstock::workflow_engine
