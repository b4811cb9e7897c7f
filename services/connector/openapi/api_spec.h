// An OpenAPI document (3.0 or 3.1, or a part of one: a few paths will do) as a list of operations
// that can be called, each with its schemas compiled.
//
//   Parse ──► Find(id) ──► BuildRequest (request.h) ──► sent ──► CheckResponse (response.h)
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/json_schema/schema.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

// Immutable; keep one for as long as the connector's row has the same version.
class ApiSpec {
 public:
  static constexpr size_t kMaxBytes = 4 << 20;

  // INVALID_ARGUMENT with every problem; fields are JSON pointers into `spec`. What is wrong with
  // answers only, or can't be called through a connector, is a note.
  static absl::StatusOr<ApiSpec> Parse(const nlohmann::json& spec);

  const std::vector<Operation>& Operations() const { return operations_; }
  // Null when there is none.
  const Operation* Find(std::string_view operation_id) const;

  // Of servers[0], maybe relative; empty = the spec names none. The connector may only be used with
  // this spec when the host is its own.
  const std::string& server_url() const { return server_url_; }
  // What was left out, and why.
  const std::vector<FieldViolation>& notes() const { return notes_; }

  // JSON Schemas (draft-07, by themselves) of an operation's payload and of its answer when all
  // goes well; null when an answer has none. A schema that would be larger than 256 KiB is cut:
  // `true` stands for what is left out.
  nlohmann::json PayloadSchema(const Operation& operation) const;
  nlohmann::json AnswerSchema(const Operation& operation) const;

 private:
  std::vector<Operation> operations_;
  std::map<std::string, size_t, std::less<>> by_id_;
  std::string server_url_;
  std::vector<FieldViolation> notes_;
  std::optional<json_schema::Schema> requests_;
  std::optional<json_schema::Schema> answers_;
};

}  // namespace penstock::connector::openapi
