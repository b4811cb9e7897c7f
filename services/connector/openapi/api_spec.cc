#include "services/connector/openapi/api_spec.h"

#include <utility>

#include "libs/json_schema/value.h"
#include "services/connector/openapi/compile_schemas.h"
#include "services/connector/openapi/describe.h"
#include "services/connector/openapi/document.h"
#include "services/connector/openapi/read_operations.h"
#include "services/connector/openapi/server_url.h"

namespace penstock::connector::openapi {
namespace {

constexpr int kMaxDepth = 64;

// A part of a document may lack its version: then it is read as 3.0, in which "nullable" counts.
Dialect ReadDialect(const Json& spec, Findings& findings) {
  const Place root{&spec, ""};
  const std::string version = root.Text("openapi");
  if (version.rfind("3.1", 0) == 0) return Dialect::k31;
  if (root.Member("swagger")) {
    findings.Problem("/swagger", "Swagger 2.0 is not read; convert the document to OpenAPI 3");
  } else if (root.Member("openapi") && version.rfind("3.0", 0) != 0) {
    findings.Problem("/openapi", "must be a version 3.0 or 3.1");
  }
  return Dialect::k30;
}

}  // namespace

absl::StatusOr<ApiSpec> ApiSpec::Parse(const Json& spec) {
  if (!spec.is_object()) return InvalidField("", "must be an OpenAPI document, a JSON object");
  if (json_schema::IsDeeperThan(spec, kMaxDepth)) {
    return InvalidField("", "must not nest deeper than 64 levels");
  }
  if (json_schema::Weigh(spec) > kMaxBytes) return InvalidField("", "must be at most 4 MiB");
  ApiSpec parsed;
  Findings findings;
  const Dialect dialect = ReadDialect(spec, findings);
  parsed.server_url_ = ReadServerUrl(spec, findings);
  parsed.operations_ = ReadOperations(spec, findings);
  parsed.requests_ = CompileRequests(spec, dialect, parsed.operations_, findings);
  if (!findings.problems.empty()) return BadRequest(findings.problems);
  parsed.answers_ = CompileAnswers(spec, dialect, parsed.operations_, findings);
  parsed.notes_ = std::move(findings.notes);
  for (size_t i = 0; i < parsed.operations_.size(); ++i) {
    parsed.by_id_.emplace(parsed.operations_[i].operation_id, i);
  }
  return parsed;
}

const Operation* ApiSpec::Find(std::string_view operation_id) const {
  const auto found = by_id_.find(operation_id);
  return found == by_id_.end() ? nullptr : &operations_[found->second];
}

Json ApiSpec::PayloadSchema(const Operation& operation) const {
  return DescribePayload(operation, requests_->source());
}

Json ApiSpec::AnswerSchema(const Operation& operation) const {
  return answers_ ? DescribeAnswer(operation, answers_->source()) : Json();
}

}  // namespace penstock::connector::openapi
