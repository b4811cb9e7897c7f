// TCP ports of 127.0.0.1 that nobody listens on.
#pragma once

namespace penstock::harness {

// Free at the time of asking.
int FreePort();

}  // namespace penstock::harness
