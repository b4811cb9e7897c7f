#include "services/interfaces/domain/forwarded_fields.h"

#include <catch2/catch.hpp>

namespace penstock::interfaces {
namespace {

std::string Text(std::string_view value) {
  std::string text = "left over";
  AssignText(text, value);
  return text;
}

TEST_CASE("credentials and hop-by-hop headers stay back, the rest goes on") {
  for (const char* kept : {"authorization", "cookie", "connection", "transfer-encoding", "upgrade",
                           "content-length"}) {
    CHECK(!IsForwarded(kept));
  }
  for (const char* sent : {"webhook-signature", "x-hub-signature-256", "user-agent", "host",
                           "content-type", "x-request-id"}) {
    CHECK(IsForwarded(sent));
  }
}

TEST_CASE("header values become UTF-8") {
  CHECK(Text("plain") == "plain");
  CHECK(Text("gr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
  CHECK(Text("gr\xFC\xDF") == "gr\xC3\xBC\xC3\x9F");
}

}  // namespace
}  // namespace penstock::interfaces
