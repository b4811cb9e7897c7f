#include "services/connector/ops/interface_step.h"

#include <utility>

#include "libs/json/proto_json.h"
#include "libs/json/quote.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

using Json = nlohmann::json;
namespace wire = interfaces::v1;

struct StepInput {
  Json config, rendered, execution;
  std::string idempotency_key;
};

// Empty when there is no such text.
std::string TextIn(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

int DepthOf(const Json& execution) {
  const auto found = execution.find("callDepth");
  return found != execution.end() && found->is_number_integer() ? found->get<int>() : 0;
}

absl::StatusOr<StepInput> Read(const std::string& input) {
  const Json read = Json::parse(input, nullptr, /*allow_exceptions=*/false);
  const auto is_object = [&](const char* member) {
    return read.is_object() && read.contains(member) && read[member].is_object();
  };
  if (!is_object("config") || !is_object("rendered") || !is_object("execution")) {
    return absl::InvalidArgumentError("the step's input lacks config, rendered or execution");
  }
  return StepInput{read["config"], read["rendered"], read["execution"],
                   TextIn(read, "idempotencyKey")};
}

// A template that is a hole and nothing else keeps the type of what fills it.
std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

absl::StatusOr<std::string> Output(const wire::InvokeServiceInterfaceResponse& response) {
  std::string output = R"({"executionId":)" + json::Quoted(response.execution_id());
  if (response.has_result()) {
    ASSIGN_OR_RETURN(const std::string result, json::FromProto(response.result()));
    output += R"(,"result":)" + result;
  }
  return output + "}";
}

}  // namespace

absl::StatusOr<InterfacesClient::Request> InterfaceStep::Resolve(const auth::CallContext& engine,
                                                                 const std::string& input) const {
  ASSIGN_OR_RETURN(const StepInput step, Read(input));
  ASSIGN_OR_RETURN(const auth::CallContext caller,
                   workflows_.CallerOf(engine, TextIn(step.execution, "workflowId")));
  ASSIGN_OR_RETURN(
      const ProjectConnector link,
      FindUsable(context_, caller, *caller.project, TextIn(step.config, "project_connector")));
  InterfacesClient::Request request;
  request.set_id(link.target_interface.ToString());
  if (step.rendered.contains("payload")) {
    RETURN_IF_ERROR(json::ToProto(step.rendered["payload"].dump(), *request.mutable_payload()));
  }
  if (step.rendered.contains("execution_id")) {
    request.set_execution_id(TextOf(step.rendered["execution_id"]));
  }
  if (TextIn(step.config, "wait") == "completed") {
    request.set_wait(wire::INVOKE_WAIT_COMPLETED);
  }
  request.set_idempotency_key(step.idempotency_key);
  // One further than the execution that calls, should this start another.
  request.set_depth(DepthOf(step.execution) + 1);
  return request;
}

void InterfaceStep::Run(const auth::CallContext& engine, const std::string& input,
                        const Done& done) {
  const absl::Status queued = workers_.Submit([this, engine, input, done] {
    absl::StatusOr<InterfacesClient::Request> request = Resolve(engine, input);
    if (!request.ok()) return done(request.status());
    interfaces_.Invoke(engine, *std::move(request),
                       [done](const absl::StatusOr<InterfacesClient::Response>& response) {
                         if (!response.ok()) return done(response.status());
                         done(Output(*response));
                       });
  });
  if (!queued.ok()) done(queued);
}

}  // namespace penstock::connector
