#include "libs/json_schema/schema.h"

#include <utility>

#include "fmt/format.h"
#include "libs/json_schema/compiler.h"
#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/node.h"
#include "libs/json_schema/pointer.h"
#include "libs/json_schema/value.h"
#include "libs/status/details.h"

namespace penstock::json_schema {
namespace {

// Levels of JSON that one level of schemas may take: {"items":[{...}]}, {"properties":{"a":{...}}}.
constexpr int kLevelsOfSchema = 2;

}  // namespace

Schema::Schema(std::shared_ptr<const Program> program, const Node& root)
    : program_(std::move(program)), root_(&root) {}

absl::StatusOr<Schema> Schema::Compile(const Json& schema, const Limits& limits) {
  if (IsDeeperThan(schema, kLevelsOfSchema * limits.max_depth)) {
    return InvalidField("", fmt::format("schemas may nest {} deep", limits.max_depth));
  }
  if (Weigh(schema) > limits.max_bytes) {
    return InvalidField("", fmt::format("a schema may have {} bytes", limits.max_bytes));
  }
  const auto program = std::make_shared<Program>();
  program->source = schema;
  program->limits = limits;
  Compiler compiler(*program);
  const Node* root = compiler.Run();
  if (!compiler.problems().empty()) return BadRequest(compiler.problems());
  return Schema(program, *root);
}

std::optional<Schema> Schema::At(std::string_view pointer) const {
  const auto node = program_->places.find(Find(program_->source, pointer));
  if (node == program_->places.end()) return std::nullopt;
  return Schema(program_, *node->second);
}

const Json& Schema::source() const { return program_->source; }

std::vector<Violation> Schema::Validate(const Json& value) const {
  const Limits& limits = program_->limits;
  if (IsDeeperThan(value, limits.max_value_depth)) {
    return {{"", "", fmt::format("nested deeper than {} levels", limits.max_value_depth)}};
  }
  Evaluation run(limits);
  root_->Check({value}, run);
  return run.TakeViolations();
}

}  // namespace penstock::json_schema
