// What reading an api_spec found; places are JSON pointers into it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libs/status/details.h"

namespace penstock::connector::openapi {

struct Findings {
  std::vector<FieldViolation> problems;  // the spec can't be taken
  std::vector<FieldViolation> notes;     // a part of it is left out

  static constexpr size_t kMax = 100;  // of each; more helps nobody

  void Problem(std::string pointer, std::string text) {
    if (problems.size() < kMax) problems.push_back({std::move(pointer), std::move(text)});
  }
  void Note(std::string pointer, std::string text) {
    if (notes.size() < kMax) notes.push_back({std::move(pointer), std::move(text)});
  }
};

}  // namespace penstock::connector::openapi
