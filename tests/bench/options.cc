#include "tests/bench/options.h"

#include <charconv>
#include <sstream>

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::bench {
namespace {

absl::StatusOr<int> ParseCount(const std::string& flag, const std::string& text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value > 0) return value;
  return absl::InvalidArgumentError(
      fmt::format("{} wants a whole number above 0, not '{}'", flag, text));
}

std::set<std::string> Split(const std::string& text) {
  std::set<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) words.insert(word);
  return words;
}

}  // namespace

const char kUsage[] = R"(./dev bench [FLAG...]
  --row-security      only what row-level security costs: W1 with it and without, in pairs; --repeats is the number of pairs
  --quick             a first look: one repeat, two seconds a load
  --json FILE         also one JSON object per figure
  --only LIST         some of idle,ceiling,W1,steady,hold,W2,W3,W4,schedules,schedule-restart,preview,restart;
                      by commas
  --repeats N         medians are over so many (default 3)
  --seconds N         length of one load (default 5)
  --hold N            seconds that the foreign transaction stays open (default 30; 600 for the ten minutes of the requirements)
  --open N            executions open at the restart (default 100000)
  --schedules N       schedules stored at the restart of the scheduler (default 1000000)
)";

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& flag = arguments[i];
    if (flag == "--row-security") {
      options.scenarios = {"row-security"};
      continue;
    }
    if (flag == "--quick") {
      options.repeats = 1;
      options.seconds = absl::Seconds(2);
      options.hold = absl::Seconds(5);
      options.open_executions = 10'000;
      options.schedules = 100'000;
      continue;
    }
    if (i + 1 == arguments.size()) {
      return absl::InvalidArgumentError(fmt::format("unknown or incomplete: {}\n{}", flag, kUsage));
    }
    const std::string& value = arguments[++i];
    if (flag == "--json") {
      options.json_file = value;
      continue;
    }
    if (flag == "--only") {
      options.scenarios = Split(value);
      continue;
    }
    ASSIGN_OR_RETURN(int count, ParseCount(flag, value));
    if (flag == "--repeats") {
      options.repeats = count;
    } else if (flag == "--seconds") {
      options.seconds = absl::Seconds(count);
    } else if (flag == "--hold") {
      options.hold = absl::Seconds(count);
    } else if (flag == "--open") {
      options.open_executions = count;
    } else if (flag == "--schedules") {
      options.schedules = count;
    } else {
      return absl::InvalidArgumentError(fmt::format("unknown flag {}\n{}", flag, kUsage));
    }
  }
  return options;
}

}  // namespace penstock::bench
