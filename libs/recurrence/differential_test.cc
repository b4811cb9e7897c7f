// Ten years in every zone that the system knows, against reference.py, which gets there by another
// way.
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/recurrence/recurrence.h"

namespace penstock::recurrence {
namespace {

const absl::Time kFirst = absl::FromCivil(absl::CivilSecond(2011), absl::UTCTimeZone());
const absl::Time kLast = absl::FromCivil(absl::CivilSecond(2021), absl::UTCTimeZone());

struct Stretch {
  absl::Time from, to;
};

struct Expression {
  Spec spec;
  std::string text;
};

Expression ReadExpression(std::istringstream& line) {
  std::string dialect, gap, repeat, text;
  line >> dialect >> gap >> repeat >> std::ws;
  std::getline(line, text);
  Expression read{.spec = {.rules = {.crons = {{*DialectOf(dialect), text}}}},
                  .text = dialect + " " + gap + " " + repeat + " " + text};
  if (gap != "-") read.spec.gap = gap == "skip" ? GapPolicy::kSkip : GapPolicy::kAfter;
  if (repeat != "-") {
    read.spec.repeat = repeat == "first"  ? RepeatPolicy::kFirst
                       : repeat == "last" ? RepeatPolicy::kLast
                                          : RepeatPolicy::kBoth;
  }
  return read;
}

void AppendInstants(const Recurrence& recurrence, Stretch stretch, std::vector<int64_t>& instants) {
  std::optional<absl::Time> next = recurrence.Next(stretch.from);
  for (; next && *next <= stretch.to; next = recurrence.Next(*next)) {
    instants.push_back(absl::ToUnixSeconds(*next));
  }
}

std::string HashOf(const std::vector<int64_t>& instants) {
  std::string bytes;
  for (const int64_t instant : instants) {
    for (int shift = 0; shift < 64; shift += 8)
      bytes.push_back(static_cast<char>(instant >> shift));
  }
  return crypto::HexEncode(crypto::Sha256(bytes));
}

TEST_CASE("every zone, ten years, as the reference has it") {
  std::unique_ptr<FILE, int (*)(FILE*)> reference(
      popen("python3 libs/recurrence/reference.py", "r"), pclose);
  REQUIRE(reference);
  std::vector<Expression> corpus;
  std::string zone;
  std::vector<Stretch> around;
  int zones = 0, answers = 0;
  std::array<char, 1024> buffer;
  while (std::fgets(buffer.data(), buffer.size(), reference.get())) {
    std::istringstream line{std::string(buffer.data())};
    std::string kind;
    line >> kind;
    if (kind == "E") {
      size_t number = 0;
      line >> number;
      REQUIRE(number == corpus.size());
      corpus.push_back(ReadExpression(line));
    } else if (kind == "Z") {
      line >> zone;
      around.clear();
      ++zones;
    } else if (kind == "W") {
      int64_t from = 0, to = 0;
      line >> from >> to;
      around.push_back({absl::FromUnixSeconds(from), absl::FromUnixSeconds(to)});
    } else {
      size_t number = 0, count = 0;
      std::string hash;
      line >> number >> count >> hash;
      REQUIRE(number < corpus.size());
      Expression expression = corpus[number];
      expression.spec.time_zone = zone;
      INFO(zone << ": " << expression.text);
      const absl::StatusOr<Recurrence> recurrence = Recurrence::Create(expression.spec);
      INFO(recurrence.status().ToString());
      REQUIRE(recurrence.ok());
      std::vector<int64_t> instants;
      if (kind == "A") AppendInstants(*recurrence, {kFirst, kLast}, instants);
      if (kind == "C") {
        for (const Stretch& stretch : around) AppendInstants(*recurrence, stretch, instants);
      }
      CHECK(instants.size() == count);
      CHECK(HashOf(instants) == hash);
      ++answers;
    }
  }
  REQUIRE(pclose(reference.release()) == 0);
  // Too few would be a reference that has lost its way.
  CHECK(zones > 400);
  CHECK(corpus.size() >= 50);
  CHECK(answers > 20 * zones);
}

}  // namespace
}  // namespace penstock::recurrence
