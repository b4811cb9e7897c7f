// References that would never end. Internal to the library.
#pragma once

#include <deque>
#include <vector>

#include "libs/json_schema/node.h"

namespace penstock::json_schema {

// One node of every circle of schemas that are asked about the same value. Needs no stack for long
// chains.
std::vector<const Node*> FindCircles(const std::deque<Node>& nodes);

}  // namespace penstock::json_schema
