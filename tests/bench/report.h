// Prints figures as they come: a table for people, JSON lines for programs.
#pragma once

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/figure.h"

namespace penstock::bench {

class Report {
 public:
  // No JSON when `json_file` is empty.
  explicit Report(const std::string& json_file);

  // What was measured on: facts by name, printed once and repeated in every JSON object's "setup".
  void SetUp(std::vector<std::pair<std::string, std::string>> facts);
  void Print(const Figure& figure);

 private:
  void PrintRow(const Figure& figure);
  std::ofstream json_;
  std::vector<std::pair<std::string, std::string>> facts_;
  bool header_printed_ = false;
};

}  // namespace penstock::bench
