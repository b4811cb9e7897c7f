#include "services/connector/testing/api_server/http2_server.h"

#include <cstdint>
#include <optional>
#include <string>

namespace penstock::connector::testing {
namespace {

using egress::Peer;

constexpr size_t kPrefaceBytes = 24;
enum FrameType : uint8_t { kData = 0, kHeaders = 1, kSettings = 4, kPing = 6 };
constexpr uint8_t kEndStream = 1;  // of kData and kHeaders
constexpr uint8_t kEndHeaders = 4;
constexpr uint8_t kAck = 1;  // of kSettings and kPing

struct Frame {
  uint8_t type;
  uint8_t flags;
  uint32_t stream;
  std::string payload;
};

uint32_t Number(std::string_view bytes) {
  uint32_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}

std::optional<Frame> ReadFrame(Peer& peer) {
  const std::optional<std::string> head = peer.ReadBytes(9);
  if (!head) return std::nullopt;
  std::optional<std::string> payload = peer.ReadBytes(Number(head->substr(0, 3)));
  if (!payload) return std::nullopt;
  return Frame{static_cast<uint8_t>((*head)[3]), static_cast<uint8_t>((*head)[4]),
               Number(head->substr(5)) & 0x7fffffff, *std::move(payload)};
}

std::string Bytes(uint32_t number, int count) {
  std::string bytes;
  for (int i = count - 1; i >= 0; --i) bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}

bool Write(Peer& peer, const Frame& frame) {
  return peer.Write(Bytes(frame.payload.size(), 3) + static_cast<char>(frame.type) +
                    static_cast<char>(frame.flags) + Bytes(frame.stream, 4) + frame.payload);
}

bool Respond(Peer& peer, uint32_t stream) {
  constexpr char kStatus200 = '\x88';  // of HPACK's static table
  return Write(peer, {kHeaders, kEndHeaders, stream, std::string(1, kStatus200)}) &&
         Write(peer, {kData, kEndStream, stream, "{}"});
}

}  // namespace

Http2Server::Http2Server(egress::TlsIdentity& identity)
    : server_([this](Peer& peer) { Serve(peer); }, (identity.OfferHttp2(), &identity)) {}

void Http2Server::AnswerInGroupsOf(size_t size) {
  absl::MutexLock lock(&mutex_);
  group_ = size;
}

size_t Http2Server::group() const {
  absl::MutexLock lock(&mutex_);
  return group_;
}

void Http2Server::Serve(Peer& peer) {
  if (!peer.ReadBytes(kPrefaceBytes) || !Write(peer, {kSettings, 0, 0, ""})) return;
  std::vector<uint32_t> open;
  while (const std::optional<Frame> frame = ReadFrame(peer)) {
    const bool acknowledged = (frame->flags & kAck) != 0;
    if (frame->type == kSettings && !acknowledged) Write(peer, {kSettings, kAck, 0, ""});
    if (frame->type == kPing && !acknowledged) Write(peer, {kPing, kAck, 0, frame->payload});
    const bool is_request =
        (frame->type == kHeaders || frame->type == kData) && (frame->flags & kEndStream) != 0;
    if (!is_request) continue;
    open.push_back(frame->stream);
    if (open.size() < group()) continue;
    for (const uint32_t stream : open) Respond(peer, stream);
    open.clear();
  }
}

}  // namespace penstock::connector::testing
