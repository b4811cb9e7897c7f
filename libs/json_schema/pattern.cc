#include "libs/json_schema/pattern.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "libs/json_schema/ecma_pattern.h"
#include "re2/re2.h"

namespace penstock::json_schema {
namespace {

// Each pattern gets the smallest of these that holds its program.
constexpr int64_t kMemorySizes[] = {64 << 10, 512 << 10, Pattern::kMaxMemory};

RE2::Options OptionsWith(int64_t memory) {
  RE2::Options options;
  options.set_max_mem(memory);
  options.set_log_errors(false);
  options.set_never_capture(true);
  return options;
}

absl::Status Refused(absl::StatusCode code, std::string_view pattern, std::string_view why) {
  return absl::Status(code, fmt::format("the pattern \"{}\" can't be used: {}", pattern, why));
}

std::string_view Message(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace

Pattern::Pattern(std::unique_ptr<re2::RE2> compiled, size_t memory)
    : compiled_(std::move(compiled)), memory_(memory) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

absl::StatusOr<Pattern> Pattern::Compile(std::string_view ecma) {
  const absl::StatusOr<std::string> translated = EcmaToRe2(ecma);
  if (!translated.ok()) {
    return Refused(translated.status().code(), ecma, Message(translated.status()));
  }
  for (const int64_t memory : kMemorySizes) {
    auto compiled = std::make_unique<RE2>(*translated, OptionsWith(memory));
    if (compiled->ok()) return Pattern(std::move(compiled), memory);
    if (compiled->error_code() != RE2::ErrorPatternTooLarge) {
      return Refused(absl::StatusCode::kInvalidArgument, ecma, compiled->error());
    }
  }
  return Refused(absl::StatusCode::kResourceExhausted, ecma, "it is too large");
}

bool Pattern::IsFoundIn(std::string_view text) const {
  return RE2::PartialMatch({text.data(), text.size()}, *compiled_);
}

// With its states cached RE2 takes about a nanosecond a byte; when they don't fit, that times the
// size of the program.
size_t Pattern::Cost(size_t text_bytes) const {
  return 2 + text_bytes * compiled_->ProgramSize() / 256;
}

}  // namespace penstock::json_schema
