// One evaluation from Submit to its single answer.
#pragma once

#include <cstdint>
#include <memory>

#include "libs/sandbox/sandbox.h"

namespace penstock::sandbox {

// How long a script takes, learned from its runs; decides with how many others it may share a
// process.
struct ScriptSpeed {
  static constexpr double kUnknown = -1;
  double mean_us = kUnknown;

  bool known() const { return mean_us >= 0; }
  void Learn(double us) { mean_us = known() ? mean_us + (us - mean_us) / 8 : us; }
};

struct Job {
  uint64_t id = 0;
  Evaluation evaluation;
  Pool::Callback done;
  std::shared_ptr<ScriptSpeed> speed;
  int copies = 0;         // processes that have it now
  bool in_queue = false;  // waits for a process, besides the copies
  bool hedged = false;    // was queued a second time, which happens once
  bool answered = false;  // later answers of other copies are dropped
};

}  // namespace penstock::sandbox
