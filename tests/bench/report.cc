#include "tests/bench/report.h"

#include <stdio.h>

#include "fmt/format.h"
#include "nlohmann/json.hpp"

namespace penstock::bench {
namespace {

struct Column {
  const char* title;
  const char* value;
  int width;
  int decimals;
};
constexpr Column kColumns[] = {
    {"per s", "per_second", 9, 0},      {"p50 ms", "p50_ms", 8, 2},
    {"p95 ms", "p95_ms", 8, 2},         {"p99 ms", "p99_ms", 8, 2},
    {"commits", "commits_each", 8, 3},  {"WAL B", "wal_bytes_each", 8, 0},
    {"dead", "dead_tuples_each", 7, 3}, {"syncs", "syncs_each", 7, 3},
    {"CPU ms", "cpu_ms_each", 7, 3},    {"MB", "memory_mb", 6, 0},
    {"failed", "failed", 6, 0},
};
constexpr int kScenarioWidth = 9;
constexpr int kVariantWidth = 28;

// What the columns above show.
bool IsColumn(const std::string& name) {
  for (const Column& column : kColumns) {
    if (name == column.value) return true;
  }
  return false;
}

}  // namespace

Report::Report(const std::string& json_file) {
  if (!json_file.empty()) json_.open(json_file);
}

void Report::SetUp(std::vector<std::pair<std::string, std::string>> facts) {
  facts_ = std::move(facts);
  for (const auto& [name, value] : facts_) fmt::print("{}: {}\n", name, value);
  fmt::print(
      "Costs (commits to CPU) are per execution; CPU is of all server processes together.\n\n");
}

void Report::Print(const Figure& figure) {
  PrintRow(figure);
  if (!json_.is_open()) return;
  nlohmann::ordered_json object = {{"scenario", figure.scenario}, {"variant", figure.variant}};
  for (const auto& [name, value] : figure.values) object[name] = value;
  for (const auto& [name, value] : facts_) object["setup"][name] = value;
  json_ << object.dump() << std::endl;
}

void Report::PrintRow(const Figure& figure) {
  if (!header_printed_) {
    fmt::print("{:<{}}{:<{}}", "", kScenarioWidth, "", kVariantWidth);
    for (const Column& column : kColumns) fmt::print("{:>{}}", column.title, column.width);
    fmt::print("\n");
    header_printed_ = true;
  }
  fmt::print("{:<{}}{:<{}}", figure.scenario, kScenarioWidth, figure.variant, kVariantWidth);
  for (const Column& column : kColumns) {
    const double* value = figure.Find(column.value);
    fmt::print("{:>{}}", value ? fmt::format("{:.{}f}", *value, column.decimals) : "-",
               column.width);
  }
  fmt::print("\n");
  std::string rest;
  for (const auto& [name, value] : figure.values) {
    if (!IsColumn(name)) rest += fmt::format(" {}={:.3g}", name, value);
  }
  if (!rest.empty()) fmt::print("{:<{}} {}\n", "", kScenarioWidth - 1, rest);
  fflush(stdout);
}

}  // namespace penstock::bench
