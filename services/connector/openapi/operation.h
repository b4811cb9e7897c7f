// An operation of an api_spec: what it takes, and what it answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/json_schema/schema.h"

namespace penstock::connector::openapi {

// The schema at a JSON pointer of the api_spec; compiled unless there is none, or it can't be
// checked.
struct SchemaAt {
  std::string pointer = {};
  std::optional<json_schema::Schema> compiled = {};
};

enum class ParameterPlace { kPath, kQuery, kHeader };
// How a list or object becomes text; a single value is the same in all.
enum class ParameterStyle { kSimple, kForm, kSpaceDelimited, kPipeDelimited, kDeepObject, kJson };

struct Parameter {
  std::string name;
  ParameterPlace place = ParameterPlace::kQuery;
  bool is_required = false;
  std::string description;
  ParameterStyle style = ParameterStyle::kForm;
  bool explode = true;
  SchemaAt schema;
};

enum class BodyFormat { kJson, kForm, kText };

struct RequestBody {
  bool is_required = false;
  std::string content_type;
  BodyFormat format = BodyFormat::kJson;
  SchemaAt schema;
};

struct ResponseRule {
  std::string status;  // "200", "2XX" or "default"
  SchemaAt schema;     // of a JSON body
};

struct Operation {
  std::string operation_id;
  bool has_own_id = true;  // else made of method and path
  std::string method;      // "GET"
  std::string path;        // "/repos/{owner}/{repo}", relative to the server
  std::string summary;
  std::string description;
  bool is_deprecated = false;
  std::vector<Parameter> parameters;
  std::optional<RequestBody> body;
  std::vector<ResponseRule> responses;
};

}  // namespace penstock::connector::openapi
