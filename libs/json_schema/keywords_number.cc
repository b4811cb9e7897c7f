// "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum".
#include <string>

#include "fmt/format.h"
#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/number.h"
#include "libs/json_schema/schema_reader.h"

namespace penstock::json_schema {
namespace {

using Test = bool (*)(const Json& value, const Json& limit);

struct NumberKeyword {
  const char* name;
  Test test;
  const char* message;
  size_t steps = 0;
};

constexpr NumberKeyword kKeywords[] = {
    {"maximum", [](const Json& v, const Json& limit) { return CompareNumbers(v, limit) <= 0; },
     "must be at most {}"},
    {"exclusiveMaximum",
     [](const Json& v, const Json& limit) { return CompareNumbers(v, limit) < 0; },
     "must be less than {}"},
    {"minimum", [](const Json& v, const Json& limit) { return CompareNumbers(v, limit) >= 0; },
     "must be at least {}"},
    {"exclusiveMinimum",
     [](const Json& v, const Json& limit) { return CompareNumbers(v, limit) > 0; },
     "must be more than {}"},
    // Up to some six hundred divisions.
    {"multipleOf", IsMultiple, "must be a multiple of {}", 100},
};

class NumberRule final : public Keyword {
 public:
  NumberRule(const Node& owner, const NumberKeyword& keyword, const Json& limit)
      : Keyword(owner),
        keyword_(keyword),
        limit_(limit),
        message_(fmt::format(fmt::runtime(keyword.message), limit.dump())) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_number()) return true;
    if (!run.Spend(keyword_.steps)) return false;
    return keyword_.test(at.value, limit_) || run.Fail(at, owner_, keyword_.name, message_);
  }

 private:
  const NumberKeyword& keyword_;
  const Json& limit_;
  const std::string message_;
};

}  // namespace

void ReadNumberKeywords(SchemaReader& reader) {
  static const Json zero = 0;
  for (const NumberKeyword& keyword : kKeywords) {
    const Json* limit = reader.Number(keyword.name);
    if (limit == nullptr) continue;
    if (keyword.test == IsMultiple && CompareNumbers(*limit, zero) <= 0) {
      reader.Problem("/multipleOf", "must be more than 0");
      continue;
    }
    reader.Add<NumberRule>(keyword, *limit);
  }
}

}  // namespace penstock::json_schema
