#include "libs/sandbox/protocol.h"

#include <catch2/catch.hpp>

namespace penstock::sandbox::protocol {
namespace {

TEST_CASE("fields come back as they were put in") {
  std::string buffer;
  {
    FrameWriter writer(buffer, FrameType::kResult);
    writer.PutU64(1ull << 60);
    writer.PutU8(7);
    writer.PutString("text");
  }
  std::string_view bytes = buffer;
  Frame frame;
  REQUIRE(TakeFrame(bytes, frame) == NextFrame::kComplete);
  CHECK(frame.type == FrameType::kResult);
  CHECK(bytes.empty());
  FieldReader reader(frame.payload);
  CHECK(reader.GetU64() == 1ull << 60);
  CHECK(reader.GetU8() == 7);
  CHECK(reader.GetString() == "text");
  CHECK(reader.at_end());
}

TEST_CASE("every proper prefix of a frame is partial") {
  std::string buffer;
  { FrameWriter(buffer, FrameType::kForget).PutString("0123456789"); }
  for (size_t length = 0; length < buffer.size(); ++length) {
    std::string_view bytes = std::string_view(buffer).substr(0, length);
    Frame frame;
    CHECK(TakeFrame(bytes, frame) == NextFrame::kPartial);
  }
}

TEST_CASE("a length beyond the limit is malformed at once") {
  std::string_view bytes("\xff\xff\xff\xff\x01", 5);
  Frame frame;
  CHECK(TakeFrame(bytes, frame) == NextFrame::kMalformed);
}

TEST_CASE("a string longer than its payload reads as empty and is not ok") {
  FieldReader reader(
      std::string_view("\x10\x00\x00\x00"
                       "ab",
                       6));
  CHECK(reader.GetString().empty());
  CHECK_FALSE(reader.ok());
}

}  // namespace
}  // namespace penstock::sandbox::protocol
