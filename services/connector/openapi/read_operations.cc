#include "services/connector/openapi/read_operations.h"

#include <algorithm>
#include <set>
#include <utility>

#include "services/connector/openapi/media_type.h"
#include "services/connector/openapi/operation_id.h"
#include "services/connector/openapi/path_template.h"
#include "services/connector/openapi/read_parameter.h"

namespace penstock::connector::openapi {
namespace {

constexpr size_t kMaxOperations = 5000;
constexpr size_t kMaxParameters = 200;

struct Method {
  const char* key;
  const char* name;
};
constexpr Method kMethods[] = {{"get", "GET"},       {"put", "PUT"},         {"post", "POST"},
                               {"delete", "DELETE"}, {"options", "OPTIONS"}, {"head", "HEAD"},
                               {"patch", "PATCH"}};

class OperationReader {
 public:
  OperationReader(const Json& spec, const Place& path_item, const Place& place, Findings& findings)
      : spec_(spec), path_item_(path_item), place_(place), findings_(findings) {}

  // None when it can't be called.
  std::optional<Operation> Read(const std::string& path, const char* method);

 private:
  bool HasOwnServer() const;
  bool ReadParameters(const Place& of);
  bool ReadBody();
  void ReadResponses();
  void MatchPath(const std::vector<std::string>& names);

  const Json& spec_;
  const Place& path_item_;
  const Place& place_;
  Findings& findings_;
  Operation operation_;
};

// The connector has one server; requests to another would go to the wrong place.
bool OperationReader::HasOwnServer() const {
  const std::optional<Place> root = Place{&spec_, ""}.Member("servers");
  for (const Place* at : {&path_item_, &place_}) {
    const std::optional<Place> own = at->Member("servers");
    if (own && !(root && *root->value == *own->value)) return true;
  }
  return false;
}

// Those of the operation itself come first: the path's are for what it does not name.
bool OperationReader::ReadParameters(const Place& of) {
  const std::optional<Place> list = of.Member("parameters");
  if (!list) return true;
  if (!list->value->is_array() || list->value->size() > kMaxParameters) {
    findings_.Problem(list->pointer, "must be an array of at most 200 parameters");
    return true;
  }
  std::vector<Parameter>& known = operation_.parameters;
  const size_t inherited_from = known.size();
  for (size_t i = 0; i < list->value->size(); ++i) {
    Parameter parameter;
    const Reading reading = ReadParameter(spec_, list->Item(i), parameter, findings_);
    if (reading == Reading::kCannotBeCalled) return false;
    if (reading == Reading::kIgnored) continue;
    const auto same = std::find_if(known.begin(), known.end(), [&](const Parameter& other) {
      return other.name == parameter.name && other.place == parameter.place;
    });
    if (same == known.end()) {
      known.push_back(std::move(parameter));
    } else if (same - known.begin() >= static_cast<ptrdiff_t>(inherited_from)) {
      findings_.Problem(list->Item(i).pointer, "another parameter has the same name and place");
    }
  }
  return true;
}

bool OperationReader::ReadBody() {
  const std::optional<Place> at = place_.Member("requestBody");
  const std::optional<Place> body = at ? Follow(spec_, *at, findings_) : std::nullopt;
  if (!body) return true;
  const std::optional<Place> content = body->Member("content");
  const std::optional<MediaType> type = content ? BestMediaType(*content) : std::nullopt;
  if (type) {
    operation_.body = RequestBody{
        body->IsSet("required"), type->content_type, type->format, {type->schema_pointer}};
    return true;
  }
  findings_.Note(body->pointer, "only JSON, forms and text can be sent");
  return !body->IsSet("required");
}

void OperationReader::ReadResponses() {
  const std::optional<Place> all = place_.Member("responses");
  if (!all || !all->value->is_object()) return;
  for (const auto& [status, unused] : all->value->items()) {
    ResponseRule& rule = operation_.responses.emplace_back();
    rule.status = status;
    // What is wrong with an answer's description keeps nobody from asking.
    Findings found;
    const std::optional<Place> response = Follow(spec_, *all->Member(status), found);
    for (FieldViolation& problem : found.problems) {
      findings_.Note(std::move(problem.field), std::move(problem.description));
    }
    const std::optional<Place> content = response ? response->Member("content") : std::nullopt;
    const std::optional<MediaType> type = content ? BestMediaType(*content) : std::nullopt;
    if (type && type->format == BodyFormat::kJson) rule.schema.pointer = type->schema_pointer;
  }
}

// A name in the path that has no parameter is one without schema: specs are often cut to a part.
void OperationReader::MatchPath(const std::vector<std::string>& names) {
  std::set<std::string> missing(names.begin(), names.end());
  for (const Parameter& parameter : operation_.parameters) {
    if (parameter.place != ParameterPlace::kPath) continue;
    missing.erase(parameter.name);
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) {
      findings_.Problem(place_.pointer + "/parameters", "a path parameter is not part of the path");
    }
  }
  for (const std::string& name : missing) {
    Parameter& parameter = operation_.parameters.emplace_back();
    parameter.name = name;
    parameter.place = ParameterPlace::kPath;
    parameter.is_required = true;
    parameter.style = ParameterStyle::kSimple;
    parameter.explode = false;
  }
}

std::optional<Operation> OperationReader::Read(const std::string& path, const char* method) {
  if (!place_.value->is_object()) {
    findings_.Problem(place_.pointer, "must be an object");
    return std::nullopt;
  }
  const absl::StatusOr<std::vector<std::string>> names = NamesIn(path);
  if (!names.ok()) return std::nullopt;  // told once, of the path
  if (HasOwnServer()) {
    findings_.Note(place_.pointer, "has a server of its own, which this connector does not call");
    return std::nullopt;
  }
  operation_.operation_id = place_.Text("operationId");
  operation_.method = method;
  operation_.path = path;
  operation_.summary = place_.Text("summary");
  operation_.description = place_.Text("description");
  operation_.is_deprecated = place_.IsSet("deprecated");
  if (!ReadParameters(place_) || !ReadParameters(path_item_) || !ReadBody()) return std::nullopt;
  MatchPath(*names);
  ReadResponses();
  return std::move(operation_);
}

void ReadPath(const Json& spec, const std::string& path, const Place& at,
              std::vector<Operation>& operations, OperationIds& ids, Findings& findings) {
  if (path.rfind("x-", 0) == 0) return;
  if (const absl::Status form = NamesIn(path).status(); !form.ok()) {
    findings.Problem(at.pointer, std::string(form.message()));
  }
  const std::optional<Place> item = Follow(spec, at, findings);
  if (!item) return;
  for (const Method& method : kMethods) {
    const std::optional<Place> place = item->Member(method.key);
    if (!place) continue;
    if (operations.size() == kMaxOperations) {
      findings.Problem("/paths", "may have 5000 operations");
      return;
    }
    std::optional<Operation> operation =
        OperationReader(spec, *item, *place, findings).Read(path, method.name);
    if (!operation) continue;
    if (!ids.Add(*operation)) {
      findings.Problem(place->pointer + "/operationId",
                       "must be one of a kind, printable, and at most 200 bytes long");
    }
    operations.push_back(*std::move(operation));
  }
  if (item->Member("trace")) findings.Note(item->pointer + "/trace", "TRACE is not sent");
}

}  // namespace

std::vector<Operation> ReadOperations(const Json& spec, Findings& findings) {
  std::vector<Operation> operations;
  OperationIds ids;
  const std::optional<Place> paths = Place{&spec, ""}.Member("paths");
  if (!paths) return operations;
  if (!paths->value->is_object()) {
    findings.Problem("/paths", "must be an object");
    return operations;
  }
  for (const auto& [path, unused] : paths->value->items()) {
    ReadPath(spec, path, *paths->Member(path), operations, ids, findings);
  }
  for (Operation& operation : operations) ids.Name(operation);
  return operations;
}

}  // namespace penstock::connector::openapi
