// When a schedule is due: the instants of a Spec, in order. Pure: reads no clock.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/recurrence/spec.h"

namespace penstock::recurrence {

class Recurrence {
 public:
  // INVALID_ARGUMENT with every problem, its field below `field`: "spec.crons[0].expression".
  static absl::StatusOr<Recurrence> Create(const Spec& spec, std::string_view field = "spec");

  // The first nominal instant after `after`; nothing when there is none any more. A fraction of a
  // microsecond to a few dozen of them, but for exclusions that cover very many instants.
  std::optional<absl::Time> Next(absl::Time after) const;

  // Up to `count` from there on.
  std::vector<absl::Time> Upcoming(absl::Time after, int count) const;

  // The last instant after `after` and not after `until`.
  std::optional<absl::Time> LastIn(absl::Time after, absl::Time until) const;

  // How many there are after `after` and not after `until`; at most `limit`.
  int64_t CountIn(absl::Time after, absl::Time until, int64_t limit) const;

  // When the instant `nominal` is to happen: later by the jitter, which `key` and the instant
  // decide.
  absl::Time DueAt(absl::Time nominal, std::string_view key) const;

 private:
  class Source;
  struct Sources;
  Recurrence() = default;
  bool IsExcluded(absl::Time instant) const;

  std::vector<std::shared_ptr<const Source>> rules_, exclusions_;
  absl::Time start_ = absl::InfinitePast(), end_ = absl::InfiniteFuture();
  absl::Duration jitter_;
};

}  // namespace penstock::recurrence
