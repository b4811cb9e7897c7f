#include "services/sandbox/server.h"

#include <errno.h>
#include <sys/socket.h>
#include <time.h>

#include <string_view>
#include <vector>

#include "services/sandbox/evaluate.h"
#include "services/sandbox/limits.h"

namespace penstock::sandbox {
namespace {

using protocol::FieldReader;
using protocol::Frame;
using protocol::FrameType;
using protocol::FrameWriter;

constexpr size_t kMaxRealms = 256;
// Past this much memory between evaluations realms are given up, the least recently used first.
constexpr size_t kMaxIdleBytes = 160u << 20;
constexpr int kMemoryCheckInterval = 512;
constexpr size_t kReceiveBytes = 64u << 10;
// A finished result waits for others to share its write, but not long.
constexpr uint64_t kMaxResultAgeUs = 300;
constexpr size_t kMaxBufferedBytes = 64u << 10;

uint64_t NowMicroseconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000 + t.tv_nsec / 1000;
}

}  // namespace

Server::Server(JSContext* cx, PromiseJobs& jobs, int socket)
    : cx_(cx), jobs_(jobs), socket_(socket), realms_(kMaxRealms) {}

bool Server::Serve(uint32_t confinement_bits) {
  {
    FrameWriter hello(out_, FrameType::kHello);
    hello.PutU32(protocol::kVersion);
    hello.PutU32(confinement_bits);
  }
  if (!Flush()) return false;
  while (Receive()) {
    std::string_view bytes = in_;
    Frame frame;
    for (;;) {
      const protocol::NextFrame next = protocol::TakeFrame(bytes, frame);
      if (next == protocol::NextFrame::kMalformed) return false;
      if (next == protocol::NextFrame::kPartial) break;
      if (!Handle(frame)) return false;
    }
    in_.erase(0, in_.size() - bytes.size());
    if (!Flush()) return false;
  }
  return true;
}

bool Server::Handle(const Frame& frame) {
  FieldReader fields(frame.payload);
  switch (frame.type) {
    case FrameType::kDefine:
      return Define(fields);
    case FrameType::kForget:
      return Forget(fields);
    case FrameType::kEvaluate:
      return Evaluate(fields);
    default:
      return false;
  }
}

bool Server::Define(FieldReader fields) {
  std::string hash(fields.GetRaw(protocol::kHashBytes));
  ScriptDefinition script;
  script.is_expression = static_cast<ScriptKind>(fields.GetU8()) == ScriptKind::kExpression;
  const uint32_t count = fields.GetU32();
  for (uint32_t i = 0; i < count && fields.ok(); ++i)
    script.parameters.emplace_back(fields.GetString());
  script.source = fields.GetString();
  if (!fields.at_end()) return false;
  scripts_[std::move(hash)] = std::move(script);
  return true;
}

bool Server::Forget(FieldReader fields) {
  const std::string_view hash = fields.GetRaw(protocol::kHashBytes);
  if (!fields.at_end()) return false;
  scripts_.erase(std::string(hash));
  realms_.Forget(hash);
  return true;
}

bool Server::Evaluate(FieldReader fields) {
  const uint64_t id = fields.GetU64();
  const std::string_view tenant = fields.GetRaw(protocol::kTenantBytes);
  EvaluationRequest request;
  request.hash = fields.GetRaw(protocol::kHashBytes);
  request.limits.cpu_us = fields.GetU64();
  request.limits.wall_us = fields.GetU64();
  request.limits.heap_bytes = fields.GetU64();
  request.limits.output_bytes = fields.GetU64();
  request.compile_only = fields.GetU8() != 0;
  const uint32_t count = fields.GetU32();
  for (uint32_t i = 0; i < count && fields.ok(); ++i)
    request.arguments.push_back(fields.GetString());
  auto script = scripts_.find(std::string(request.hash));
  if (!fields.at_end() || script == scripts_.end()) return false;
  request.script = &script->second;

  Outcome outcome;
  outcome.kind = OutcomeKind::kOutOfMemory;
  outcome.error_message = "there was no memory left to begin";
  Realm* realm = realms_.Get(cx_, tenant);
  LimitGuard::Begin(request.limits);
  if (realm != nullptr) outcome = sandbox::Evaluate(cx_, *realm, jobs_, request);
  const uint64_t cpu_us = LimitGuard::End();
  if (outcome.kind == OutcomeKind::kTimedOut || outcome.kind == OutcomeKind::kOutOfMemory) {
    // It was stopped in the middle of something; do not rely on the realm's inner state.
    realms_.Drop(tenant);
    ReleaseMemory(cx_);
  }
  {
    FrameWriter result(out_, FrameType::kResult);
    result.PutU64(id);
    result.PutU8(static_cast<uint8_t>(outcome.kind));
    result.PutU32(static_cast<uint32_t>(cpu_us));
    result.PutString(outcome.value_json);
    result.PutString(outcome.error_name);
    result.PutString(outcome.error_message);
    result.PutString(outcome.error_stack);
  }
  KeepMemoryBounded();
  const uint64_t now = NowMicroseconds();
  if (oldest_result_us_ == 0) oldest_result_us_ = now;
  const bool due = now - oldest_result_us_ > kMaxResultAgeUs || cpu_us > kMaxResultAgeUs;
  return due || out_.size() > kMaxBufferedBytes ? Flush() : true;
}

void Server::KeepMemoryBounded() {
  if (++since_memory_check_ < kMemoryCheckInterval) return;
  since_memory_check_ = 0;
  if (ResidentBytes() <= kMaxIdleBytes) return;
  ReleaseMemory(cx_);
  while (ResidentBytes() > kMaxIdleBytes && realms_.size() > 1) {
    for (size_t i = realms_.size() / 2; i > 0; --i) realms_.DropOldest();
    ReleaseMemory(cx_);
  }
}

bool Server::Receive() {
  const size_t had = in_.size();
  in_.resize(had + kReceiveBytes);
  ssize_t n;
  do {
    n = recv(socket_, in_.data() + had, kReceiveBytes, 0);
  } while (n < 0 && errno == EINTR);
  in_.resize(had + (n > 0 ? n : 0));
  return n > 0;
}

bool Server::Flush() {
  std::string_view rest = out_;
  while (!rest.empty()) {
    const ssize_t n = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    rest.remove_prefix(n);
  }
  out_.clear();
  if (out_.capacity() > 4 * kMaxBufferedBytes) out_.shrink_to_fit();
  oldest_result_us_ = 0;
  return true;
}

}  // namespace penstock::sandbox
