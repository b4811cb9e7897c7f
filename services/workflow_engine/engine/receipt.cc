#include "services/workflow_engine/engine/receipt.h"

#include "libs/json/quote.h"

namespace penstock::workflow_engine {

std::string ReceiptEventPayload(const ReceiptRow& receipt) {
  std::string json = R"({"webhookId":")";
  json += receipt.id.ToString();
  json += R"(","triggerType":)";
  json::AppendQuoted(json, receipt.trigger_type);
  json += R"(,"actionType":)";
  json::AppendQuoted(json, receipt.action_type);
  json += R"(,"outcome":)";
  json::AppendQuoted(json, receipt.outcome);
  json += R"(,"executionIds":[)";
  for (size_t i = 0; i < receipt.executions.size(); ++i) {
    if (i > 0) json += ',';
    json += '"';
    json += receipt.executions[i].ToString();
    json += '"';
  }
  json += "]}";
  return json;
}

}  // namespace penstock::workflow_engine
