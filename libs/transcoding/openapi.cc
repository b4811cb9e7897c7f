#include "libs/transcoding/openapi.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "libs/transcoding/openapi_schema.h"
#include "libs/transcoding/response.h"

namespace penstock::transcoding {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::ordered_json;

// "/v1/{path=shelves/*}" is "/v1/{path}" there. `names` of the variables; empty = without names.
std::string PathOf(const PathTemplate& path, const std::vector<std::string>& names) {
  std::string text;
  size_t variable = 0;
  const auto& variables = path.variables();
  for (size_t i = 0; i < path.segments().size(); ++i) {
    if (variable < variables.size() && variables[variable].first == i) {
      text += "/{" + (names.empty() ? std::string() : names[variable]) + "}";
      i = std::max(variables[variable].end, i + 1) - 1;
      ++variable;
    } else {
      const PathSegment& segment = path.segments()[i];
      text += "/" + (segment.kind == PathSegment::Kind::kLiteral ? segment.literal : "*");
    }
  }
  return path.verb().empty() ? text : text + ":" + path.verb();
}

class Document {
 public:
  explicit Document(const RouteTable& routes) : routes_(routes) {}

  ordered_json Make(const ApiInfo& info) {
    ordered_json paths = ordered_json::object();
    for (const Binding& binding : routes_.bindings()) {
      const std::string method =
          absl::AsciiStrToLower(absl::string_view(http::MethodName(binding.http_method).data(),
                                                  http::MethodName(binding.http_method).size()));
      paths[PathOf(binding.path, NamesOf(binding.path))][method] = OperationOf(binding);
    }
    ordered_json document = {{"openapi", "3.0.3"},
                             {"info", {{"title", info.title}, {"version", info.version}}}};
    document["paths"] = std::move(paths);
    document["components"]["schemas"] = schemas_.collected();
    document["components"]["schemas"]["Problem"] = ProblemSchema();
    document["components"]["securitySchemes"]["bearer"] = {{"type", "http"}, {"scheme", "bearer"}};
    document["security"] = ordered_json::array({{{"bearer", ordered_json::array()}}});
    return document;
  }

 private:
  static ordered_json ProblemSchema() {
    const ordered_json text = {{"type", "string"}};
    const ordered_json violation = {{"type", "object"},
                                    {"properties", {{"field", text}, {"description", text}}}};
    return {{"type", "object"},
            {"properties",
             {{"type", text},
              {"title", text},
              {"status", {{"type", "integer"}}},
              {"detail", text},
              {"code", text},
              {"grpcCode", text},
              {"upstreamStatus", {{"type", "integer"}}},
              {"requestId", text},
              {"violations", {{"type", "array"}, {"items", violation}}}}}};
  }

  // Paths that differ only by the names of their variables are one there: the first says the names.
  const std::vector<std::string>& NamesOf(const PathTemplate& path) {
    std::vector<std::string>& names = names_[PathOf(path, {})];
    if (names.empty()) {
      for (const PathVariable& variable : path.variables()) names.push_back(variable.field_path);
    }
    return names;
  }

  // Ids are unique in a document: the second way to call an RPC has a number.
  std::string OperationIdOf(const Binding& binding) {
    const int use = ++uses_[binding.method];
    return binding.method->name() + (use == 1 ? "" : "_" + std::to_string(use));
  }

  ordered_json OperationOf(const Binding& binding) {
    ordered_json operation = {{"operationId", OperationIdOf(binding)},
                              {"tags", {binding.method->service()->name()}}};
    ordered_json parameters = ParametersOf(binding);
    if (!parameters.empty()) operation["parameters"] = std::move(parameters);
    if (binding.body != Binding::Body::kNone) {
      const ordered_json schema = binding.body == Binding::Body::kAll
                                      ? schemas_.SchemaOf(*binding.method->input_type())
                                      : schemas_.SchemaOf(*binding.body_field);
      operation["requestBody"]["content"]["application/json"]["schema"] = schema;
    }
    operation["responses"] = ResponsesOf(binding);
    return operation;
  }

  ordered_json ResponsesOf(const Binding& binding) {
    const int status = SuccessStatusOf(binding);
    ordered_json success = {{"description", "Success"}};
    if (status != 204) {
      success["content"]["application/json"]["schema"] =
          binding.response_field == nullptr ? schemas_.SchemaOf(*binding.method->output_type())
                                            : schemas_.SchemaOf(*binding.response_field);
    }
    ordered_json problem = {{"description", "Problem"}};
    problem["content"]["application/problem+json"]["schema"]["$ref"] =
        "#/components/schemas/Problem";
    ordered_json responses;
    responses[std::to_string(status)] = std::move(success);
    responses["default"] = std::move(problem);
    return responses;
  }

  ordered_json ParametersOf(const Binding& binding) {
    ordered_json parameters = ordered_json::array();
    for (size_t i = 0; i < binding.variables.size(); ++i) {
      parameters.push_back({{"name", NamesOf(binding.path)[i]},
                            {"in", "path"},
                            {"required", true},
                            {"schema", schemas_.SchemaOf(binding.variables[i].leaf())}});
    }
    if (binding.body != Binding::Body::kAll) {
      AddQuery(binding, *binding.method->input_type(), "", {}, parameters);
    }
    return parameters;
  }

  // Fields of messages inside by dotted names; a message inside itself is left out.
  void AddQuery(const Binding& binding, const Descriptor& message, const std::string& prefix,
                std::vector<const FieldDescriptor*> trail, ordered_json& parameters) {
    trail.push_back(nullptr);
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      trail.back() = &field;
      const bool is_bound = std::ranges::any_of(
          binding.variables, [&](const FieldPath& path) { return path.fields == trail; });
      if (is_bound || (prefix.empty() && binding.body_field == &field)) continue;
      const std::string name = prefix + field.json_name();
      const Descriptor* type = field.is_map() ? nullptr : field.message_type();
      if (type == nullptr || IsValueInJson(*type)) {
        AddParameter(name, field, parameters);
      } else if (!field.is_repeated() && !IsAround(*type, binding, trail)) {
        AddQuery(binding, *type, name + ".", trail, parameters);
      }
    }
  }

  static bool IsAround(const Descriptor& type, const Binding& binding,
                       const std::vector<const FieldDescriptor*>& trail) {
    return &type == binding.method->input_type() ||
           std::any_of(trail.begin(), trail.end(), [&](const FieldDescriptor* outer) {
             return outer != trail.back() && outer->message_type() == &type;
           });
  }

  void AddParameter(const std::string& name, const FieldDescriptor& field,
                    ordered_json& parameters) {
    ordered_json parameter = {{"name", name}, {"in", "query"}};
    // name[key]=value
    if (field.is_map()) parameter.update({{"style", "deepObject"}, {"explode", true}});
    parameter["schema"] = schemas_.SchemaOf(field);
    parameters.push_back(std::move(parameter));
  }

  const RouteTable& routes_;
  SchemaCollector schemas_;
  std::map<std::string, std::vector<std::string>> names_;
  std::map<const google::protobuf::MethodDescriptor*, int> uses_;
};

}  // namespace

std::string OpenApiOf(const RouteTable& routes, const ApiInfo& info) {
  return Document(routes).Make(info).dump();
}

}  // namespace penstock::transcoding
