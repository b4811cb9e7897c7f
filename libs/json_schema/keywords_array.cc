// "items", "additionalItems", "contains", "minItems", "maxItems", "uniqueItems".
#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/schema_reader.h"
#include "libs/json_schema/value.h"

namespace penstock::json_schema {
namespace {

class ItemCountRule final : public Keyword {
 public:
  ItemCountRule(const Node& owner, std::optional<size_t> min, std::optional<size_t> max)
      : Keyword(owner), min_(min), max_(max) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_array()) return true;
    if (min_ && at.value.size() < *min_) {
      return run.Fail(at, owner_, "minItems", fmt::format("must have at least {} items", *min_));
    }
    if (max_ && at.value.size() > *max_) {
      return run.Fail(at, owner_, "maxItems", fmt::format("must have at most {} items", *max_));
    }
    return true;
  }

 private:
  const std::optional<size_t> min_, max_;
};

// The first items have a schema each, the others one for all, which may be missing.
class ItemsRule final : public Keyword {
 public:
  ItemsRule(const Node& owner, std::vector<const Node*> first, const Node* others)
      : Keyword(owner), first_(std::move(first)), others_(others) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_array()) return true;
    bool fits = true;
    const size_t count = others_ ? at.value.size() : std::min(at.value.size(), first_.size());
    for (size_t i = 0; i < count; ++i) {
      const Node& node = i < first_.size() ? *first_[i] : *others_;
      fits &= node.Check({at.value[i], &at, {}, i}, run);
      if (run.stopped() || (!fits && run.quiet())) return false;
    }
    return fits;
  }

 private:
  const std::vector<const Node*> first_;
  const Node* const others_;
};

class ContainsRule final : public Keyword {
 public:
  ContainsRule(const Node& owner, const Node& wanted) : Keyword(owner), wanted_(wanted) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_array()) return true;
    for (size_t i = 0; i < at.value.size(); ++i) {
      const Evaluation::Quiet quiet(run);
      if (wanted_.Check({at.value[i], &at, {}, i}, run)) return true;
      if (run.stopped()) return false;
    }
    return run.Fail(at, owner_, "contains", "has no item of the kind that must be among them");
  }

 private:
  const Node& wanted_;
};

class UniqueItemsRule final : public Keyword {
 public:
  using Keyword::Keyword;

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!at.value.is_array() || at.value.size() < 2) return true;
    // Each item is compared about log n times.
    if (!run.Spend(at.value.size()) ||
        !run.Spend(Weigh(at.value) * std::bit_width(at.value.size()) / 16)) {
      return false;
    }
    std::vector<const Json*> items;
    for (const Json& item : at.value) items.push_back(&item);
    std::sort(items.begin(), items.end(),
              [](const Json* a, const Json* b) { return Compare(*a, *b) < 0; });
    const auto same = std::adjacent_find(items.begin(), items.end(),
                                         [](auto* a, auto* b) { return Compare(*a, *b) == 0; });
    return same == items.end() || run.Fail(at, owner_, "uniqueItems", "has two equal items");
  }
};

void ReadItems(SchemaReader& reader) {
  const Json* items = reader.FindKeyword("items");
  if (items != nullptr && items->is_array() && !items->empty()) {
    std::vector<const Node*> first = reader.Subschemas("items");
    reader.Add<ItemsRule>(std::move(first), reader.Subschema("additionalItems"));
    return;
  }
  reader.Subschema("additionalItems");  // means nothing without an array, but must be a schema
  const Node* all = items != nullptr && items->is_array() ? nullptr : reader.Subschema("items");
  if (all != nullptr) reader.Add<ItemsRule>(std::vector<const Node*>(), all);
}

}  // namespace

void ReadArrayKeywords(SchemaReader& reader) {
  const std::optional<size_t> min = reader.Count("minItems"), max = reader.Count("maxItems");
  if (min || max) reader.Add<ItemCountRule>(min, max);
  ReadItems(reader);
  if (const Node* wanted = reader.Subschema("contains")) reader.Add<ContainsRule>(*wanted);
  const Json* unique = reader.FindKeyword("uniqueItems");
  if (unique == nullptr) return;
  if (!unique->is_boolean()) {
    reader.Problem("/uniqueItems", "must be true or false");
  } else if (unique->get<bool>()) {
    reader.Add<UniqueItemsRule>();
  }
}

}  // namespace penstock::json_schema
