// "allOf", "anyOf", "oneOf", "not", "if" with "then" and "else".
#include <vector>

#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/schema_reader.h"

namespace penstock::json_schema {
namespace {

using Nodes = std::vector<const Node*>;

bool Fits(const Node& node, const Instance& at, Evaluation& run) {
  const Evaluation::Quiet quiet(run);
  return node.Check(at, run);
}

class AllOfRule final : public Keyword {
 public:
  AllOfRule(const Node& owner, Nodes nodes) : Keyword(owner), nodes_(std::move(nodes)) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    bool fits = true;
    for (const Node* node : nodes_) {
      fits &= node->Check(at, run);
      if (run.stopped() || (!fits && run.quiet())) return false;
    }
    return fits;
  }

 private:
  const Nodes nodes_;
};

class AnyOfRule final : public Keyword {
 public:
  AnyOfRule(const Node& owner, Nodes nodes) : Keyword(owner), nodes_(std::move(nodes)) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    for (const Node* node : nodes_) {
      if (Fits(*node, at, run)) return true;
      if (run.stopped()) return false;
    }
    return run.Fail(at, owner_, "anyOf", "fits none of the alternatives");
  }

 private:
  const Nodes nodes_;
};

class OneOfRule final : public Keyword {
 public:
  OneOfRule(const Node& owner, Nodes nodes) : Keyword(owner), nodes_(std::move(nodes)) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    int fitting = 0;
    for (const Node* node : nodes_) {
      fitting += Fits(*node, at, run);
      if (run.stopped()) return false;
      if (fitting > 1) {
        return run.Fail(at, owner_, "oneOf", "fits more than one of the alternatives");
      }
    }
    return fitting == 1 || run.Fail(at, owner_, "oneOf", "fits none of the alternatives");
  }

 private:
  const Nodes nodes_;
};

class NotRule final : public Keyword {
 public:
  NotRule(const Node& owner, const Node& refused) : Keyword(owner), refused_(refused) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    if (!Fits(refused_, at, run)) return true;
    return run.Fail(at, owner_, "not", "is what must not be");
  }

 private:
  const Node& refused_;
};

class IfRule final : public Keyword {
 public:
  IfRule(const Node& owner, const Node& condition, const Node* then, const Node* otherwise)
      : Keyword(owner), condition_(condition), then_(then), otherwise_(otherwise) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    const Node* next = Fits(condition_, at, run) ? then_ : otherwise_;
    return next == nullptr || next->Check(at, run);
  }

 private:
  const Node& condition_;
  const Node* const then_;
  const Node* const otherwise_;
};

template <typename Rule>
void ReadAlternatives(SchemaReader& reader, const char* keyword) {
  Nodes nodes = reader.Subschemas(keyword);
  if (nodes.empty()) return;
  for (const Node* node : nodes) reader.InPlace(node);
  reader.Add<Rule>(std::move(nodes));
}

}  // namespace

void ReadLogicKeywords(SchemaReader& reader) {
  ReadAlternatives<AllOfRule>(reader, "allOf");
  ReadAlternatives<AnyOfRule>(reader, "anyOf");
  ReadAlternatives<OneOfRule>(reader, "oneOf");
  if (const Node* refused = reader.Subschema("not")) {
    reader.InPlace(refused);
    reader.Add<NotRule>(*refused);
  }
  const Node* condition = reader.Subschema("if");
  const Node* then = reader.Subschema("then");
  const Node* otherwise = reader.Subschema("else");
  if (condition == nullptr) return;
  for (const Node* node : {condition, then, otherwise}) {
    if (node != nullptr) reader.InPlace(node);
  }
  reader.Add<IfRule>(*condition, then, otherwise);
}

}  // namespace penstock::json_schema
