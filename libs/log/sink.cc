#include "libs/log/sink.h"

#include <atomic>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fmt/format.h"
#include "libs/log/current.h"
#include "spdlog/async.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace penstock::log {
namespace {

constexpr size_t kQueuedLines = 2048;

spdlog::level::level_enum SpdlogLevel(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// The queue and the thread that writes it. Made at the first line, so that tests and tools that
// never log have neither.
class AsyncStderr {
 public:
  AsyncStderr()
      : threads_(std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1)),
        logger_(std::make_shared<spdlog::async_logger>(
            "penstock", std::make_shared<spdlog::sinks::stderr_sink_mt>(), threads_,
            spdlog::async_overflow_policy::overrun_oldest)) {
    logger_->set_pattern("%v");
    logger_->set_level(spdlog::level::trace);
    logger_->flush_on(spdlog::level::err);
  }

  void Write(Level level, std::string_view line) {
    ReportOverrun();
    logger_->log(SpdlogLevel(level), spdlog::string_view_t(line.data(), line.size()));
  }

  void Flush() { logger_->flush(); }

 private:
  void ReportOverrun() {
    size_t lost = threads_->overrun_counter();
    size_t before = reported_.exchange(lost, std::memory_order_relaxed);
    if (lost <= before) return;
    logger_->log(spdlog::level::warn,
                 fmt::format(R"({{"level":"warning","message":"log lines lost","lines":{}}})",
                             lost - before));
  }

  std::shared_ptr<spdlog::details::thread_pool> threads_;
  std::shared_ptr<spdlog::async_logger> logger_;
  std::atomic<size_t> reported_{0};
};

struct State {
  std::atomic<Level> level{Level::kInfo};
  absl::Mutex mutex;
  // Replaced, never changed: readers keep their view.
  std::atomic<const std::string*> service{new std::string("penstock")};
  std::function<void(std::string_view)> capture ABSL_GUARDED_BY(mutex);
  std::atomic<bool> captured{false};
};

State& TheState() {
  static State& state = *new State;
  return state;
}

AsyncStderr& TheStderr() {
  // Destroyed at exit, which writes what is queued.
  static AsyncStderr writer;
  return writer;
}

}  // namespace

Level CurrentLevel() { return TheState().level.load(std::memory_order_relaxed); }
std::string_view CurrentService() { return *TheState().service.load(std::memory_order_acquire); }

void Write(Level level, std::string line) {
  State& state = TheState();
  if (state.captured.load(std::memory_order_acquire)) {
    absl::MutexLock lock(&state.mutex);
    if (state.capture) return state.capture(line);
  }
  TheStderr().Write(level, line);
}

config::Declarations DeclareSettings() {
  return {{.name = "PENSTOCK_LOG_LEVEL",
           .default_text = "info",
           .help = "Least level of log lines that are written.",
           .choices = {"debug", "info", "warning", "error"}}};
}

Options OptionsFrom(const config::Settings& settings, std::string_view service) {
  return {std::string(service), *ParseLevel(settings.String("PENSTOCK_LOG_LEVEL"))};
}

absl::StatusOr<Level> ParseLevel(std::string_view text) {
  if (text == "debug") return Level::kDebug;
  if (text == "info") return Level::kInfo;
  if (text == "warning") return Level::kWarning;
  if (text == "error") return Level::kError;
  return absl::InvalidArgumentError(fmt::format("'{}' is not a log level", text));
}

void Configure(const Options& options) {
  State& state = TheState();
  state.level.store(options.level, std::memory_order_relaxed);
  // The former name leaks on purpose: a thread may be writing a line with it.
  state.service.store(new std::string(options.service), std::memory_order_release);
}

void Flush() { TheStderr().Flush(); }

ScopedCapture::ScopedCapture(std::function<void(std::string_view)> sink, Level level) {
  State& state = TheState();
  absl::MutexLock lock(&state.mutex);
  state.capture = std::move(sink);
  state.captured = true;
  level_before_ = state.level.exchange(level);
}

ScopedCapture::~ScopedCapture() {
  State& state = TheState();
  absl::MutexLock lock(&state.mutex);
  state.captured = false;
  state.capture = nullptr;
  state.level = level_before_;
}

}  // namespace penstock::log
