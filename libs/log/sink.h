// Where log lines go. Before Configure they go to stderr at level info, under the service name
// "penstock".
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/config/settings.h"
#include "libs/log/log.h"

namespace penstock::log {

struct Options {
  std::string service;
  Level level = Level::kInfo;
};

// PENSTOCK_LOG_LEVEL.
config::Declarations DeclareSettings();
Options OptionsFrom(const config::Settings& settings, std::string_view service);

absl::StatusOr<Level> ParseLevel(std::string_view text);

// Called once by main, before threads log.
void Configure(const Options& options);

// Lines go to a bounded queue and are written by one thread; when the queue is full the oldest are
// dropped and counted in a later line. At exit what is queued is written; Flush asks for it
// earlier, without waiting.
void Flush();

// Sends the lines of this process to a function instead, while the object lives; for tests.
class ScopedCapture {
 public:
  explicit ScopedCapture(std::function<void(std::string_view line)> sink,
                         Level level = Level::kDebug);
  ~ScopedCapture();
  ScopedCapture(const ScopedCapture&) = delete;
  ScopedCapture& operator=(const ScopedCapture&) = delete;

 private:
  Level level_before_;
};

}  // namespace penstock::log
