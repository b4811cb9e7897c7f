// "$ref". Internal to the library.
#pragma once

#include "libs/json_schema/node.h"

namespace penstock::json_schema {

class Reference final : public Keyword {
 public:
  using Keyword::Keyword;
  bool Check(const Instance& at, Evaluation& run) const override { return target->Check(at, run); }

  const Node* target = nullptr;  // set by the compiler when everything is walked
};

}  // namespace penstock::json_schema
