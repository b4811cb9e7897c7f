#include "services/interfaces/ops/interface_check.h"

#include <vector>

#include "fmt/format.h"
#include "libs/json_schema/schema.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "re2/re2.h"

namespace penstock::interfaces {
namespace {

using Json = nlohmann::json;
using Violations = std::vector<FieldViolation>;

constexpr size_t kMaxSchemaBytes = 32 << 10;

void CheckNames(const ServiceInterface& interface, Violations& wrong) {
  static const RE2& name = *new RE2("[A-Za-z0-9]([A-Za-z0-9._-]{0,253}[A-Za-z0-9])?");
  if (!RE2::FullMatch(interface.name, name)) {
    wrong.push_back({"service_interface.name",
                     "must be 1 to 255 letters, digits, '.', '_' and '-', and begin and end with a "
                     "letter or digit"});
  }
  CheckText(interface.display_name, "service_interface.display_name", {.min = 1, .max = 255},
            wrong);
  CheckText(interface.description, "service_interface.description", {.max = 2000}, wrong);
}

void CheckCallable(const ServiceInterface& interface, Violations& wrong) {
  constexpr char kField[] = "service_interface.callable_name";
  if (interface.type == InterfaceType::kUpdate) {
    wrong.push_back({"service_interface.type",
                     "UPDATE is not implemented: the engine has no call that changes an execution "
                     "and tells what came of it; make a SIGNAL and a QUERY"});
  } else if (interface.type == InterfaceType::kStartChild) {
    if (!interface.callable_name.empty()) {
      wrong.push_back({kField, "must be empty: what is started is the published version"});
    }
  } else {
    CheckText(interface.callable_name, kField, {.min = 1, .max = 100}, wrong);
  }
}

void CheckSchema(const std::string& text, const std::string& field, Violations& wrong) {
  const Json schema = Json::parse(text);
  // Without the blanks that the database puts in.
  if (schema.dump().size() > kMaxSchemaBytes) {
    wrong.push_back({field, "must be at most 32 KiB"});
    return;
  }
  const absl::Status compiled = json_schema::Schema::Compile(schema).status();
  for (const FieldViolation& violation : ViolationsOf(compiled)) {
    wrong.push_back({field + violation.field, violation.description});
  }
}

std::vector<json_schema::Violation> Mismatches(const json_schema::Schema& schema,
                                               const std::string& value) {
  return schema.Validate(Json::parse(value));
}

}  // namespace

absl::Status CheckInterface(const ServiceInterface& interface) {
  Violations wrong;
  CheckNames(interface, wrong);
  CheckCallable(interface, wrong);
  if (interface.type == InterfaceType::kQuery && interface.payload_schema != "{}") {
    wrong.push_back({"service_interface.payload_schema", "must be empty: a query takes nothing"});
  }
  if (interface.type == InterfaceType::kSignal && interface.return_schema) {
    wrong.push_back(
        {"service_interface.return_schema", "must be absent: a signal returns nothing"});
  }
  CheckSchema(interface.payload_schema, "service_interface.payload_schema", wrong);
  if (interface.return_schema) {
    CheckSchema(*interface.return_schema, "service_interface.return_schema", wrong);
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

absl::Status CheckPayload(const ServiceInterface& interface, const std::string& payload) {
  if (interface.type == InterfaceType::kQuery) {
    if (payload == "null") return absl::OkStatus();
    return WithReason(InvalidField("payload", "must be absent: a query takes nothing"),
                      "PAYLOAD_MISMATCH");
  }
  ASSIGN_OR_RETURN(const json_schema::Schema schema,
                   json_schema::Schema::Compile(Json::parse(interface.payload_schema)));
  Violations wrong;
  for (const json_schema::Violation& violation : Mismatches(schema, payload)) {
    wrong.push_back({"payload" + violation.instance_path, violation.message});
  }
  if (wrong.empty()) return absl::OkStatus();
  return WithReason(BadRequest(wrong), "PAYLOAD_MISMATCH");
}

absl::Status CheckReturned(const ServiceInterface& interface, const std::string& value,
                           const std::string& execution_id) {
  if (!interface.return_schema) return absl::OkStatus();
  ASSIGN_OR_RETURN(const json_schema::Schema schema,
                   json_schema::Schema::Compile(Json::parse(*interface.return_schema)));
  const std::vector<json_schema::Violation> wrong = Mismatches(schema, value);
  if (wrong.empty()) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(fmt::format(
          "what interface \"{}\" returned does not match its return_schema: result{}: {}",
          interface.name, wrong[0].instance_path, wrong[0].message)),
      "RETURN_MISMATCH", {{"execution_id", execution_id}});
}

}  // namespace penstock::interfaces
