// Ids are UUIDv7, so a span of time is a range of ids: that is how a reader with a time filter
// skips whole partitions.
#pragma once

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::workflow_engine {

struct IdRange {
  Uuid from;
  Uuid before;
};

// Holds every id whose row may carry a time in [from, before): a day is added on both sides, since
// an id may be made before the time of its row is taken, and on another machine. The rows' own
// times decide; this only narrows.
IdRange RangeAround(absl::Time from, absl::Time before);

}  // namespace penstock::workflow_engine
