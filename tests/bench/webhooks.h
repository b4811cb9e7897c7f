// W1's load, for the scenarios that share it.
#pragma once

#include "tests/bench/bench.h"

namespace penstock::bench {

// So many senders, each of which sends its next webhook when the last one was answered. The workflow
// of W1 is published already.
Bench::Load ClosedWebhookLoad(Bench& bench, int in_flight);

}  // namespace penstock::bench
