#include "services/workflow_engine/nodes/wait/wait.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "libs/recurrence/recurrence.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/duration_template.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/nodes/wait/schema.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

// Says when to wake up.
class Alarm {
 public:
  virtual ~Alarm() = default;
  virtual absl::StatusOr<absl::Time> At(const NodeContext& context) const = 0;
};

absl::StatusOr<absl::Time> ReadTime(const std::string& text) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) && time != absl::InfiniteFuture() &&
      time != absl::InfinitePast()) {
    return time;
  }
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not an RFC 3339 time such as \"2027-01-31T09:00:00Z\"", text));
}

class AfterDuration final : public Alarm {
 public:
  explicit AfterDuration(DurationTemplate duration) : duration_(std::move(duration)) {}
  absl::StatusOr<absl::Time> At(const NodeContext& context) const override {
    ASSIGN_OR_RETURN(const absl::Duration duration, duration_.Render(context));
    return context.now() + duration;
  }

 private:
  DurationTemplate duration_;
};

class UntilTime final : public Alarm {
 public:
  explicit UntilTime(Template text) : text_(std::move(text)) {}
  absl::StatusOr<absl::Time> At(const NodeContext& context) const override {
    ASSIGN_OR_RETURN(const std::string text, text_.RenderText(context));
    return ReadTime(text);
  }

 private:
  Template text_;
};

class AtCron final : public Alarm {
 public:
  explicit AtCron(recurrence::Recurrence cron) : cron_(std::move(cron)) {}
  absl::StatusOr<absl::Time> At(const NodeContext& context) const override {
    const std::optional<absl::Time> next = cron_.Next(context.now());
    if (!next) return absl::InvalidArgumentError("the cron expression has no instant left");
    return *next;
  }

 private:
  recurrence::Recurrence cron_;
};

class WaitProgram final : public NodeProgram {
 public:
  explicit WaitProgram(std::unique_ptr<Alarm> alarm) : alarm_(std::move(alarm)) {}

  Step Begin(const NodeContext& context) const override {
    const absl::StatusOr<absl::Time> at = alarm_->At(context);
    if (!at.ok()) return RenderingFailed(at.status());
    if (*at <= context.now()) return PassOn(context);
    return WaitUntil{*at};
  }

  Step Resume(const NodeContext& context, const StepResult& result) const override {
    if (!std::holds_alternative<TimerFired>(result)) return UnexpectedResult();
    return PassOn(context);
  }

 private:
  static Step PassOn(const NodeContext& context) {
    return Complete{std::string(context.input()), "", std::nullopt};
  }

  std::unique_ptr<Alarm> alarm_;
};

class AlarmReader {
 public:
  AlarmReader(const Json& config, std::vector<Problem>& problems)
      : config_(config), problems_(problems), templates_(problems) {}

  std::unique_ptr<Alarm> Read() {
    int ways = 0;
    for (const char* way : {"duration", "until", "cron"}) ways += config_.contains(way) ? 1 : 0;
    if (ways != 1) Add("config", "must have exactly one of duration, until and cron");
    if (config_.contains("timezone") && !config_.contains("cron")) {
      Add("config.timezone", "is only for cron; a time of until carries its own offset");
    }
    if (!problems_.empty()) return nullptr;
    if (config_.contains("duration")) {
      return std::make_unique<AfterDuration>(
          DurationTemplate::Parse("config.duration", config_["duration"], problems_));
    }
    if (config_.contains("until")) return ReadUntilAlarm(config_["until"]);
    return ReadCronAlarm();
  }

 private:
  void Add(std::string field, std::string description) {
    problems_.push_back({"", std::move(field), std::move(description)});
  }

  std::unique_ptr<Alarm> ReadUntilAlarm(const std::string& text) {
    Template parsed = templates_.Text("config.until", text);
    if (parsed.is_constant()) CheckNow("config.until", ReadTime(text).status());
    return std::make_unique<UntilTime>(std::move(parsed));
  }

  std::unique_ptr<Alarm> ReadCronAlarm() {
    const recurrence::Spec spec{
        .rules = {.crons = {{recurrence::Dialect::kVixie,
                             config_["cron"].get_ref<const std::string&>()}}},
        .time_zone = config_.value("timezone", "UTC")};
    absl::StatusOr<recurrence::Recurrence> cron = recurrence::Recurrence::Create(spec);
    if (cron.ok()) return std::make_unique<AtCron>(*std::move(cron));
    for (FieldViolation& violation : ViolationsOf(cron.status())) {
      const bool of_zone = violation.field == "spec.time_zone";
      Add(of_zone ? "config.timezone" : "config.cron", std::move(violation.description));
    }
    return nullptr;
  }

  // Without a hole it can be known to be wrong before it runs; a template that did not parse is a
  // problem already.
  void CheckNow(const char* field, const absl::Status& status) {
    if (!status.ok() && problems_.empty()) Add(field, std::string(status.message()));
  }

  const Json& config_;
  std::vector<Problem>& problems_;
  TemplateReader templates_;
};

class WaitType final : public DescribedType {
 public:
  WaitType()
      : DescribedType("wait", "Waits for a duration, until a time, or for a cron instant.",
                      wait::kConfigSchema) {}

  // Waiting is what it is for.
  absl::Duration default_timeout() const override { return absl::ZeroDuration(); }

  Json templates(const NodeDefinition& node) const override {
    return Members(node, {"duration", "until"});
  }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    std::unique_ptr<Alarm> alarm = AlarmReader(node.config, problems).Read();
    if (alarm == nullptr) return nullptr;
    return std::make_unique<WaitProgram>(std::move(alarm));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeWaitType() { return std::make_unique<WaitType>(); }

}  // namespace penstock::workflow_engine
