// What a stored delivery looks like in the event stream.
#pragma once

#include <string>

#include "services/workflow_engine/engine/changes.h"

namespace penstock::workflow_engine {

// {"webhookId","triggerType","actionType","outcome","executionIds":[...]}
std::string ReceiptEventPayload(const ReceiptRow& receipt);

}  // namespace penstock::workflow_engine
