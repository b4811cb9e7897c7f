#include "libs/grpc/status_conversion.h"

#include <string>

#include "absl/strings/cord.h"
#include "google/rpc/status.pb.h"

namespace penstock::rpc {
namespace {

// HTTP/2 peers commonly refuse more than 8 KiB of trailers; the message and the rest need some of
// it.
constexpr size_t kMaxDetailsBytes = 6 << 10;
constexpr size_t kMaxMessageBytes = 1 << 10;

std::string Cut(absl::string_view message) {
  if (message.size() <= kMaxMessageBytes) return std::string(message);
  size_t end = kMaxMessageBytes;
  // Not in the middle of a character.
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
  return std::string(message.substr(0, end)) + "...";
}

}  // namespace

::grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return ::grpc::Status::OK;
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(Cut(status.message()));
  status.ForEachPayload([&wire](absl::string_view url, const absl::Cord& payload) {
    if (wire.ByteSizeLong() + url.size() + payload.size() > kMaxDetailsBytes) return;
    auto* detail = wire.add_details();
    detail->set_type_url(std::string(url));
    detail->set_value(std::string(payload));
  });
  auto code = static_cast<::grpc::StatusCode>(status.code());
  // Without details the code and the message say it all.
  return wire.details().empty() ? ::grpc::Status(code, wire.message())
                                : ::grpc::Status(code, wire.message(), wire.SerializeAsString());
}

absl::Status FromGrpcStatus(const ::grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status wire;
  if (wire.ParseFromString(status.error_details())) {
    for (const auto& detail : wire.details()) {
      result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return result;
}

}  // namespace penstock::rpc
