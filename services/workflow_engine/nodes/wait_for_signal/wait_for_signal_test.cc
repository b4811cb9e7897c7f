#include "services/workflow_engine/nodes/wait_for_signal/wait_for_signal.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeWaitForSignalType(), config); }

StepResult Received(std::string payload) { return SignalReceived{std::make_shared<const std::string>(std::move(payload))}; }

TEST_CASE("it waits for its signal, for ever or up to a time") {
  CHECK(Describe(Compiled(R"({"signal":"approval"})").program->Begin(FakeContext())) == "AwaitSignal approval");
  CHECK(Describe(Compiled(R"({"signal":"a.b","timeout":"2h"})").program->Begin(FakeContext())) ==
        "AwaitSignal a.b until 2027-01-15T10:00:00+00:00");
  CHECK(Describe(Compiled(R"({"signal":"a","timeout":"{{t}}"})").program->Begin(FakeContext(R"({"t":90})"))) ==
        "AwaitSignal a until 2027-01-15T08:01:30+00:00");
  CHECK(Compiled(R"({"signal":"approval"})").program->awaited_signal() == "approval");
}

TEST_CASE("the payload is the output, and a time-out a branch of its own") {
  const CompiledNode node = Compiled(R"({"signal":"approval","timeout":5})");
  CHECK(Describe(node.program->Resume(FakeContext(), Received(R"({"by":"ann"})"))) == R"(Complete {"by":"ann"} -> received)");
  CHECK(Describe(node.program->Resume(FakeContext(), TimerFired())) == R"(Complete {"signal":"approval","timedOut":true} -> timeout)");
  CHECK(Describe(Compiled(R"({"signal":"approval"})").program->Resume(FakeContext(), TimerFired())) == "Fail INTERNAL");
}

TEST_CASE("what can't be a signal or a time-out is refused") {
  for (const char* config : {"{}", R"({"signal":""})", R"({"signal":"a b"})", R"({"signal":"a","timeout":"soon"})", R"({"signal":"a","timeout":-1})"}) {
    INFO(config);
    CHECK(Compiled(config).problems.size() == 1);
  }
  CHECK(Describe(Compiled(R"({"signal":"a","timeout":"{{t}}"})").program->Begin(FakeContext(R"({"t":"soon"})"))) == "Fail INVALID_VALUE");
}

}  // namespace
}  // namespace penstock::workflow_engine
