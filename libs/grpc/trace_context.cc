#include "libs/grpc/trace_context.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "fmt/format.h"

namespace penstock::rpc {
namespace {

constexpr size_t kTraceDigits = 32;
constexpr size_t kSpanDigits = 16;
constexpr size_t kHeaderLength = 2 + 1 + kTraceDigits + 1 + kSpanDigits + 1 + 2;

bool IsLowerHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsAllZero(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '0'; });
}

// Ids tell calls apart and guard nothing, so a fast generator does. Never zero, which the standard
// forbids.
uint64_t RandomBits() {
  thread_local std::mt19937_64 generator{(uint64_t{std::random_device()()} << 32) ^
                                         std::random_device()()};
  return generator() | 1;
}

}  // namespace

std::optional<auth::Trace> ParseTraceparent(std::string_view header) {
  if (header.size() < kHeaderLength) return std::nullopt;
  std::string_view version = header.substr(0, 2);
  // Version 00 has exactly this length; later ones may have more behind another dash; ff is
  // forbidden.
  if (!IsLowerHex(version) || version == "ff") return std::nullopt;
  if (header.size() > kHeaderLength && (version == "00" || header[kHeaderLength] != '-')) {
    return std::nullopt;
  }
  std::string_view trace = header.substr(3, kTraceDigits);
  std::string_view span = header.substr(3 + kTraceDigits + 1, kSpanDigits);
  std::string_view flags = header.substr(kHeaderLength - 2, 2);
  if (header[2] != '-' || header[3 + kTraceDigits] != '-' || header[kHeaderLength - 3] != '-' ||
      !IsLowerHex(trace) || !IsLowerHex(span) || !IsLowerHex(flags) || IsAllZero(trace) ||
      IsAllZero(span)) {
    return std::nullopt;
  }
  auth::Trace parsed;
  parsed.trace_id = trace;
  parsed.parent_id = span;
  parsed.span_id = fmt::format("{:016x}", RandomBits());
  // The lowest bit of the last digit, whatever the other flags come to mean.
  int digit = flags[1] <= '9' ? flags[1] - '0' : flags[1] - 'a' + 10;
  parsed.sampled = (digit & 1) != 0;
  return parsed;
}

auth::Trace NewTrace() {
  auth::Trace trace;
  trace.trace_id = fmt::format("{:016x}{:016x}", RandomBits(), RandomBits());
  trace.span_id = fmt::format("{:016x}", RandomBits());
  return trace;
}

std::string Traceparent(const auth::Trace& trace) {
  return fmt::format("00-{}-{}-{}", trace.trace_id, trace.span_id, trace.sampled ? "01" : "00");
}

}  // namespace penstock::rpc
