#include "services/connector/ops/connector_step.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/ops/connector_actions.h"
#include "services/connector/ops/shown_answer.h"

namespace penstock::connector {
namespace {

using auth::CallContext;

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> PairsOf(const Json& rendered,
                                                                         const char* member) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!rendered.contains(member)) return pairs;
  for (const auto& [name, value] : rendered[member].items()) {
    // A template that is a hole and nothing else keeps the type of what fills it.
    pairs.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return pairs;
}

void AppendHeaders(const egress::HttpResponse& response, std::string& out) {
  out += R"("headers":{)";
  for (const auto& [name, value] : ShownHeaders(response)) {
    if (out.back() != '{') out += ',';
    out += json::Quoted(name) + ':' + json::Quoted(value);
  }
  out += '}';
}

void AppendBody(const std::string& body, std::string& out) {
  out += R"(,"body":)";
  switch (BodyKindOf(body)) {
    case BodyKind::kJson:
      out += body;
      return;
    case BodyKind::kText:
      out += json::Quoted(body);
      return;
    case BodyKind::kBytes:
      out += json::Quoted(absl::Base64Escape(body)) + R"(,"bodyEncoding":"base64")";
  }
}

std::string Output(const egress::HttpResponse& response) {
  std::string out = fmt::format(R"({{"status":{},)", response.status);
  AppendHeaders(response, out);
  AppendBody(response.body, out);
  return out;
}

struct StepInput {
  Json config, rendered, execution;
  std::string idempotency_key;
};

absl::StatusOr<StepInput> Read(const std::string& input) {
  const Json read = Json::parse(input, nullptr, /*allow_exceptions=*/false);
  const auto is_object = [&](const char* member) {
    return read.is_object() && read.contains(member) && read[member].is_object();
  };
  if (!is_object("config") || !is_object("rendered") || !is_object("execution")) {
    return absl::InvalidArgumentError("the step's input lacks config, rendered or execution");
  }
  return StepInput{read["config"], read["rendered"], read["execution"],
                   read.value("idempotencyKey", "")};
}

absl::StatusOr<std::string> Fetch(const CallingContext& context, const CallContext& caller,
                                  ConnectorId connector, const StepInput& step,
                                  lifecycle::Cancellation& gone) {
  FetchRequest request{
      .call = {.connector = connector,
               .idempotency_key = step.idempotency_key,
               .accept_error_status = step.config.value("accept_error_status", false),
               .execution_id = step.execution.value("id", ""),
               .gone = &gone},
      .max_pages = step.config.value("max_pages", 1)};
  request.call.request.method = step.config.value("method", "GET");
  request.call.request.resource_path = step.rendered.value("resource_path", "");
  ASSIGN_OR_RETURN(request.call.request.query, PairsOf(step.rendered, "query"));
  ASSIGN_OR_RETURN(request.call.request.headers, PairsOf(step.rendered, "headers"));
  ASSIGN_OR_RETURN(const FetchResult result, FetchData(context, caller, request));
  std::string out = Output(result.answer);
  if (request.max_pages > 1) {
    out += fmt::format(R"(,"pages":{},"hasMore":{})", result.pages, result.has_more);
  }
  return out + "}";
}

absl::StatusOr<std::string> Act(const CallingContext& context, ApiSpecs& specs,
                                const CallContext& caller, ConnectorId connector,
                                const StepInput& step, lifecycle::Cancellation& gone) {
  ActionRequest request{.connector = connector,
                        .action_name = step.config.value("action", ""),
                        .method = step.config.value("method", ""),
                        .resource_path = step.rendered.value("resource_path", ""),
                        .idempotency_key = step.idempotency_key,
                        .accept_error_status = step.config.value("accept_error_status", false),
                        .execution_id = step.execution.value("id", ""),
                        .gone = &gone};
  if (step.rendered.contains("payload")) request.payload = step.rendered["payload"].dump();
  ASSIGN_OR_RETURN(request.query, PairsOf(step.rendered, "query"));
  ASSIGN_OR_RETURN(request.headers, PairsOf(step.rendered, "headers"));
  ASSIGN_OR_RETURN(const ActionResult result, PerformAction(context, specs, caller, request));
  return Output(result.answer) + "}";
}

}  // namespace

absl::StatusOr<std::string> RunConnectorStep(const CallingContext& context, ApiSpecs& specs,
                                             const CallContext& engine, const std::string& input,
                                             lifecycle::Cancellation& gone) {
  ASSIGN_OR_RETURN(const StepInput step, Read(input));
  ASSIGN_OR_RETURN(
      const CallContext caller,
      context.workflows.CallerOf(engine, step.execution.value("workflowId", std::string())));
  const std::string named = step.config.value("connector", "");
  std::optional<ConnectorId> connector = ConnectorId::Parse(named);
  if (!connector) {
    ASSIGN_OR_RETURN(connector, context.known.Find(caller, named));
  }
  if (step.config.contains("action")) return Act(context, specs, caller, *connector, step, gone);
  return Fetch(context, caller, *connector, step, gone);
}

}  // namespace penstock::connector
