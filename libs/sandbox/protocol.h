// What the engine and a sandbox process say to each other over their socket pair.
//
//   frame   := u32 payload length | u8 FrameType | payload
//   engine  -> process: kDefine (a script, once), kForget (never again, until defined anew),
//   kEvaluate process -> engine : kHello (once, first), kResult (one for each kEvaluate, in the
//   same order)
//
// Both ends are built together and run on one machine, so numbers travel in its byte order; the
// hello refuses a process of another build. Either side may put any number of frames into one
// write. The engine trusts nothing in what it reads: every Get can fail, and a malformed frame is a
// crash.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace penstock::sandbox::protocol {

inline constexpr uint32_t kVersion = 2;
inline constexpr size_t kHeaderBytes = 5;
inline constexpr size_t kMaxPayloadBytes = 256u << 20;
inline constexpr size_t kHashBytes = 16;
inline constexpr size_t kTenantBytes = 16;

// The process ends itself with this status when it met its hard memory limit.
inline constexpr int kExitOutOfMemory = 77;
// ... with this one when code past its time limit could not be interrupted ...
inline constexpr int kExitTimedOut = 79;
// ... and with this one when it could not confine itself.
inline constexpr int kExitUnconfined = 78;

enum class FrameType : uint8_t {
  kHello = 1,   // u32 version, u32 confinement bits
  kDefine = 2,  // hash, u8 ScriptKind, u32 count, count strings, string source
  kForget = 3,  // hash
  kEvaluate =
      4,  // u64 id, tenant, hash, u64 cpu µs, u64 wall µs, u64 heap, u64 output, u8 compile only,
      // u32 count, strings
  kResult = 5,  // u64 id, u8 OutcomeKind, u32 µs of CPU, value, error name, message, stack
};

// Appends one frame to a buffer; the frame is complete when the writer goes out of scope.
class FrameWriter {
 public:
  FrameWriter(std::string& buffer, FrameType type) : buffer_(buffer), start_(buffer.size()) {
    PutU32(0);
    PutU8(static_cast<uint8_t>(type));
  }
  ~FrameWriter() {
    const uint32_t length = static_cast<uint32_t>(buffer_.size() - start_ - kHeaderBytes);
    std::memcpy(buffer_.data() + start_, &length, sizeof(length));
  }
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  void PutU8(uint8_t value) { buffer_.push_back(static_cast<char>(value)); }
  void PutU32(uint32_t value) { PutRaw({reinterpret_cast<const char*>(&value), sizeof(value)}); }
  void PutU64(uint64_t value) { PutRaw({reinterpret_cast<const char*>(&value), sizeof(value)}); }
  void PutRaw(std::string_view bytes) { buffer_.append(bytes); }
  void PutString(std::string_view text) {
    PutU32(static_cast<uint32_t>(text.size()));
    PutRaw(text);
  }

 private:
  std::string& buffer_;
  size_t start_;
};

// Reads the fields of one payload. After a read past the end every value is empty and ok() is
// false.
class FieldReader {
 public:
  explicit FieldReader(std::string_view payload) : rest_(payload) {}

  uint8_t GetU8() { return Get<uint8_t>(); }
  uint32_t GetU32() { return Get<uint32_t>(); }
  uint64_t GetU64() { return Get<uint64_t>(); }
  std::string_view GetString() { return GetRaw(GetU32()); }
  std::string_view GetRaw(size_t length) {
    if (length > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    std::string_view bytes = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return bytes;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

 private:
  template <typename T>
  T Get() {
    T value{};
    std::string_view bytes = GetRaw(sizeof(T));
    if (bytes.size() == sizeof(T)) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  std::string_view rest_;
  bool ok_ = true;
};

struct Frame {
  FrameType type;
  std::string_view payload;
};

enum class NextFrame { kComplete, kPartial, kMalformed };

// Takes the first frame off `bytes`. `frame.payload` points into the caller's buffer.
inline NextFrame TakeFrame(std::string_view& bytes, Frame& frame) {
  if (bytes.size() < kHeaderBytes) return NextFrame::kPartial;
  uint32_t length;
  std::memcpy(&length, bytes.data(), sizeof(length));
  if (length > kMaxPayloadBytes) return NextFrame::kMalformed;
  if (bytes.size() - kHeaderBytes < length) return NextFrame::kPartial;
  frame.type = static_cast<FrameType>(bytes[4]);
  frame.payload = bytes.substr(kHeaderBytes, length);
  bytes.remove_prefix(kHeaderBytes + length);
  return NextFrame::kComplete;
}

}  // namespace penstock::sandbox::protocol
