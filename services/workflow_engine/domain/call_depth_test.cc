#include "services/workflow_engine/domain/call_depth.h"

#include <catch2/catch.hpp>

namespace penstock::workflow_engine {
namespace {

TEST_CASE("the depth of an execution is in the key that it was started with") {
  CHECK(CallDepthOf("interface/7/0190/abc") == 7);
  CHECK(CallDepthOf("interface/16/0190/abc") == 16);
  CHECK(CallDepthOf("interface/0/0190/abc") == 0);
}

TEST_CASE("an execution that was started in another way has none") {
  CHECK(CallDepthOf("") == 0);
  CHECK(CallDepthOf("order-7") == 0);
  CHECK(CallDepthOf("schedule/7/1/start") == 0);
  CHECK(CallDepthOf("interface/") == 0);
}

}  // namespace
}  // namespace penstock::workflow_engine
