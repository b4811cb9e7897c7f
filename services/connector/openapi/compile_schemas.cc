#include "services/connector/openapi/compile_schemas.h"

#include <utility>

#include "libs/json_schema/pointer.h"
#include "libs/status/details.h"

namespace penstock::connector::openapi {
namespace {

using json_schema::Schema;

// One document has all schemas of a spec, which is bounded itself; a value is checked within the
// same bounds as by any schema.
json_schema::Limits LimitsOfSpec() {
  json_schema::Limits limits;
  limits.max_bytes = 16 << 20;
  limits.max_depth = 64;
  limits.max_subschemas = 100'000;
  limits.max_pattern_memory = 32 << 20;
  return limits;
}

// "/definitions/~1components~1schemas~1A/pattern" → "/components/schemas/A/pattern".
std::string PointerInSpec(const std::string& pointer) {
  const std::string start = "/definitions/";
  if (pointer.rfind(start, 0) != 0) return pointer;
  const size_t end = std::min(pointer.find('/', start.size()), pointer.size());
  std::string place;
  for (size_t i = start.size(); i < end; ++i) {
    if (pointer[i] == '~' && i + 1 < end) {
      place += pointer[++i] == '0' ? '~' : '/';
    } else {
      place += pointer[i];
    }
  }
  return place + pointer.substr(end);
}

// Takes what `pointer` names out of `document`; a whole schema becomes one that accepts everything.
// False when it is not there, or is the document itself.
bool TakeOut(Json& document, const std::string& pointer) {
  if (pointer.empty() || json_schema::Find(document, pointer) == nullptr) return false;
  const Json::json_pointer place(pointer);
  Json& parent = document[place.parent_pointer()];
  if (parent.is_object() && place.parent_pointer().to_string() != "/definitions") {
    parent.erase(place.back());
  } else {
    document[place] = true;
  }
  return true;
}

std::optional<Schema> CompileWhatCanBe(Json document, Findings& findings) {
  constexpr int kMaxRounds = 10;  // each takes out up to a hundred problems
  for (int round = 0; round < kMaxRounds; ++round) {
    absl::StatusOr<Schema> compiled = Schema::Compile(document, LimitsOfSpec());
    if (compiled.ok()) return *std::move(compiled);
    for (const FieldViolation& problem : ViolationsOf(compiled.status())) {
      findings.Note(PointerInSpec(problem.field), "is not checked: " + problem.description);
      if (!TakeOut(document, problem.field)) return std::nullopt;
    }
  }
  return std::nullopt;
}

void Attach(const std::optional<Schema>& all, SchemaAt& schema) {
  if (!all || schema.pointer.empty()) return;
  schema.compiled = all->At(SchemaCollector::DefinitionOf(schema.pointer));
}

template <typename Use>
void ForEachRequestSchema(std::vector<Operation>& operations, Use&& use) {
  for (Operation& operation : operations) {
    for (Parameter& parameter : operation.parameters) use(parameter.schema);
    if (operation.body) use(operation.body->schema);
  }
}

template <typename Use>
void ForEachAnswerSchema(std::vector<Operation>& operations, Use&& use) {
  for (Operation& operation : operations) {
    for (ResponseRule& rule : operation.responses) use(rule.schema);
  }
}

}  // namespace

std::optional<Schema> CompileRequests(const Json& spec, Dialect dialect,
                                      std::vector<Operation>& operations, Findings& findings) {
  SchemaCollector collector(spec, dialect, Direction::kRequest);
  ForEachRequestSchema(operations, [&](SchemaAt& schema) {
    if (!schema.pointer.empty()) collector.Use(schema.pointer);
  });
  for (const FieldViolation& found : collector.findings().problems) {
    findings.Problem(found.field, found.description);
  }
  for (const FieldViolation& found : collector.findings().notes) {
    findings.Note(found.field, found.description);
  }
  absl::StatusOr<Schema> compiled = Schema::Compile(collector.TakeSchemas(), LimitsOfSpec());
  for (const FieldViolation& problem : ViolationsOf(compiled.status())) {
    findings.Problem(PointerInSpec(problem.field), problem.description);
  }
  if (!compiled.ok()) return std::nullopt;
  const std::optional<Schema> all = *std::move(compiled);
  ForEachRequestSchema(operations, [&](SchemaAt& schema) { Attach(all, schema); });
  return all;
}

std::optional<Schema> CompileAnswers(const Json& spec, Dialect dialect,
                                     std::vector<Operation>& operations, Findings& findings) {
  SchemaCollector collector(spec, dialect, Direction::kResponse);
  ForEachAnswerSchema(operations, [&](SchemaAt& schema) {
    if (!schema.pointer.empty()) collector.Use(schema.pointer);
  });
  for (const auto* found : {&collector.findings().problems, &collector.findings().notes}) {
    for (const FieldViolation& note : *found) {
      findings.Note(note.field, "is not checked: " + note.description);
    }
  }
  const std::optional<Schema> all = CompileWhatCanBe(collector.TakeSchemas(), findings);
  ForEachAnswerSchema(operations, [&](SchemaAt& schema) { Attach(all, schema); });
  return all;
}

}  // namespace penstock::connector::openapi
