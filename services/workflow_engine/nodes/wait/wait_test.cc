#include "services/workflow_engine/nodes/wait/wait.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/duration.h"
#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeWaitType(), config); }

// The fake's clock stands at 2027-01-15T08:00:00Z, a Friday.
std::string Begun(const char* config, const FakeContext& context = FakeContext()) {
  const CompiledNode node = Compiled(config);
  INFO(node.Written());
  REQUIRE(node.program != nullptr);
  return Describe(node.program->Begin(context));
}

TEST_CASE("a duration is counted from now") {
  CHECK(Begun(R"({"duration":"1h30m"})") == "WaitUntil 2027-01-15T09:30:00+00:00");
  CHECK(Begun(R"({"duration":2})") == "WaitUntil 2027-01-15T08:00:02+00:00");
  CHECK(Begun(R"({"duration":0.5})") == "WaitUntil 2027-01-15T08:00:00.5+00:00");
  CHECK(Begun(R"({"duration":"{{d}}"})", FakeContext(R"({"d":"1d"})")) ==
        "WaitUntil 2027-01-16T08:00:00+00:00");
  CHECK(Begun(R"({"duration":"{{d}}"})", FakeContext(R"({"d":90})")) ==
        "WaitUntil 2027-01-15T08:01:30+00:00");
}

TEST_CASE("a time may come from a template") {
  CHECK(Begun(R"({"until":"2027-02-01T00:00:00+01:00"})") == "WaitUntil 2027-01-31T23:00:00+00:00");
  CHECK(Begun(R"({"until":"{{t}}"})", FakeContext(R"({"t":"2027-01-15T08:00:01.25Z"})")) ==
        "WaitUntil 2027-01-15T08:00:01.25+00:00");
}

TEST_CASE("what is due already does not wait") {
  CHECK(Begun(R"({"until":"2020-01-01T00:00:00Z"})", FakeContext("[1]")) == "Complete [1]");
  CHECK(Begun(R"({"duration":0})") == "Complete {}");
}

TEST_CASE("cron waits for the next instant in its zone") {
  CHECK(Begun(R"({"cron":"0 9 * * *","timezone":"Europe/Berlin"})") ==
        "WaitUntil 2027-01-16T08:00:00+00:00");
  CHECK(Begun(R"({"cron":"*/5 * * * *"})") == "WaitUntil 2027-01-15T08:05:00+00:00");
}

TEST_CASE("after the timer the input passes through") {
  const CompiledNode node = Compiled(R"({"duration":"1s"})");
  CHECK(Describe(node.program->Resume(FakeContext("[7]"), TimerFired())) == "Complete [7]");
  CHECK(Describe(node.program->Resume(FakeContext("[7]"), Value("1"))) == "Fail INTERNAL");
}

TEST_CASE("what renders to no time fails for good") {
  CHECK(Begun(R"({"until":"{{t}}"})") == "Fail INVALID_VALUE");
  CHECK(Begun(R"({"duration":"{{d}}"})", FakeContext(R"({"d":"soon"})")) == "Fail INVALID_VALUE");
  CHECK(Begun(R"({"until":"{{t}}"})", FakeContext(R"({"t":"infinite-future"})")) ==
        "Fail INVALID_VALUE");
}

TEST_CASE("what could never be waited for is refused") {
  for (const char* config :
       {"{}", R"({"duration":"1s","until":"2027-01-01T00:00:00Z"})",
        R"({"duration":"1 fortnight"})", R"({"duration":-1})", R"({"duration":"9999d"})",
        R"({"until":"tomorrow"})", R"({"cron":"* * * * * *"})", R"({"cron":"0 0 30 2 *"})",
        R"({"duration":"1s","timezone":"UTC"})",
        R"({"cron":"* * * * *","timezone":"Middle/Earth"})",
        R"({"cron":"* * * * *","timezone":"../../etc/passwd"})", R"({"duration":"{{a b}}"})"}) {
    INFO(config);
    CHECK(Compiled(config).problems.size() == 1);
  }
}

TEST_CASE("durations read as people write them") {
  CHECK(ParseHumanDuration("1.5h") == absl::Minutes(90));
  CHECK(ParseHumanDuration("2w1d") == absl::Hours(15 * 24));
  CHECK(ParseHumanDuration("250ms") == absl::Milliseconds(250));
  CHECK(ParseHumanDuration("90") == absl::Seconds(90));
  for (const char* text :
       {"", "s", "1x", "1h30", "0s30", "-1s", "1h -30m", "1e5s", "nan", "inf", " 1s", "1 s"}) {
    INFO(text);
    CHECK_FALSE(ParseHumanDuration(text).has_value());
  }
}

}  // namespace
}  // namespace penstock::workflow_engine
