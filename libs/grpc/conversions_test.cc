// Statuses and trace context between the wire and us.
#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/cord.h"
#include "libs/grpc/status_conversion.h"
#include "libs/grpc/trace_context.h"
#include "libs/status/details.h"

namespace penstock::rpc {
namespace {

TEST_CASE("a status survives the wire with its code, message and details") {
  CHECK(FromGrpcStatus(ToGrpcStatus(absl::OkStatus())).ok());
  for (int code = 1; code <= 16; ++code) {
    absl::Status status = WithRetryAfter(WithReason(absl::Status(static_cast<absl::StatusCode>(code), "what"), "WHY", {{"a", "b"}}),
                                         absl::Seconds(3));
    absl::Status back = FromGrpcStatus(ToGrpcStatus(status));
    CHECK(back == status);
    CHECK(ReasonOf(back) == "WHY");
    CHECK(RetryAfterOf(back) == absl::Seconds(3));
  }
}

TEST_CASE("what would not fit into trailers is cut: details as a whole, a message between characters") {
  absl::Status status = WithReason(absl::InternalError("what"), "WHY");
  status.SetPayload("type.googleapis.com/large", absl::Cord(std::string(100'000, 'x')));
  absl::Status back = FromGrpcStatus(ToGrpcStatus(status));
  CHECK(ReasonOf(back) == "WHY");
  CHECK_FALSE(back.GetPayload("type.googleapis.com/large"));
  std::string text = "x";
  for (int i = 0; i < 2000; ++i) text += "\u00e9";
  std::string cut(FromGrpcStatus(ToGrpcStatus(absl::InternalError(text))).message());
  REQUIRE(cut.size() < 1100);
  REQUIRE(cut.ends_with("..."));
  cut.resize(cut.size() - 3);
  CHECK(text.starts_with(cut));
  CHECK((cut.size() - 1) % 2 == 0);
}

constexpr char kHeader[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST_CASE("a traceparent is read, and written for the next call as a child of ours") {
  auto trace = ParseTraceparent(kHeader);
  REQUIRE(trace);
  CHECK(trace->trace_id == "0af7651916cd43dd8448eb211c80319c");
  CHECK(trace->parent_id == "b7ad6b7169203331");
  CHECK(trace->sampled);
  auto next = ParseTraceparent(Traceparent(*trace));
  REQUIRE(next);
  CHECK(next->trace_id == trace->trace_id);
  CHECK(next->parent_id == trace->span_id);
  CHECK(next->span_id != trace->span_id);
  auto fresh = ParseTraceparent(Traceparent(NewTrace()));
  REQUIRE(fresh);
  CHECK_FALSE(fresh->sampled);
}

TEST_CASE("a traceparent that is not well-formed begins no trace") {
  const std::string good = kHeader;
  for (const std::string& bad :
       {std::string(), good.substr(0, 54), good + "0", good + "-more", "ff" + good.substr(2), "0G" + good.substr(2),
        "00-" + std::string(32, '0') + good.substr(35), good.substr(0, 36) + std::string(16, '0') + "-01",
        "00-0AF7651916CD43DD8448EB211C80319C" + good.substr(35), good.substr(0, 35) + "_" + good.substr(36)}) {
    INFO(bad);
    CHECK_FALSE(ParseTraceparent(bad));
  }
  // A later version may say more.
  CHECK(ParseTraceparent("01" + good.substr(2) + "-more"));
}

}  // namespace
}  // namespace penstock::rpc
