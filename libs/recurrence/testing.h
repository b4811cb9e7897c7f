// Times as tests write them.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/recurrence/recurrence.h"

namespace penstock::recurrence {

inline absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  INFO(text);
  REQUIRE(absl::ParseTime(absl::RFC3339_full, text, &time, &error));
  return time;
}

inline Recurrence Made(const Spec& spec) {
  absl::StatusOr<Recurrence> recurrence = Recurrence::Create(spec);
  INFO(recurrence.status().ToString());
  REQUIRE(recurrence.ok());
  return *std::move(recurrence);
}

inline Spec CronSpecOf(Dialect dialect, std::string expression, std::string zone = "UTC") {
  return {.rules = {.crons = {{dialect, std::move(expression)}}}, .time_zone = std::move(zone)};
}

// As the clock on the wall of the zone shows them, each with its offset:
// "2026-03-29T03:00:00+02:00".
inline std::vector<std::string> Upcoming(const Spec& spec, const std::string& after, int count) {
  const Recurrence recurrence = Made(spec);
  absl::TimeZone zone;
  REQUIRE(absl::LoadTimeZone(spec.time_zone, &zone));
  std::vector<std::string> texts;
  for (const absl::Time instant : recurrence.Upcoming(At(after), count)) {
    texts.push_back(absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", instant, zone));
  }
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace penstock::recurrence
