#include "services/workflow_engine/nodes/trigger/trigger.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "libs/json/path.h"
#include "libs/recurrence/recurrence.h"
#include "libs/recurrence/spec_json.h"
#include "libs/status/details.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/nodes/trigger/schema.h"

namespace penstock::workflow_engine {
namespace {

// What may stand as one part of a URL path without escaping.
bool IsRoutePart(const std::string& text) {
  return std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  });
}

bool IsSecretName(const std::string& text) {
  return std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
  });
}

class ConfigCheck {
 public:
  ConfigCheck(const Json& config, std::vector<Problem>& problems)
      : config_(config), problems_(problems) {}

  void Run() {
    const std::string trigger_type = config_["triggerType"];
    const std::string action_type = config_.value("actionType", "");
    if (!IsRoutePart(trigger_type)) {
      Add("config.triggerType", "must be letters, digits, '_', '-' and '.'");
    }
    if (!IsRoutePart(action_type)) {
      Add("config.actionType", "must be letters, digits, '_', '-' and '.'");
    }
    if (trigger_type == "webhook" && action_type.empty()) {
      Add("config.actionType", "is required for webhooks: it is the last part of their URL");
    }
    if (config_.contains("signature")) CheckSignature(config_["signature"]);
    if (config_.contains("dedupe")) CheckDedupe(config_["dedupe"]);
    if (config_.contains("schedule")) CheckSchedule(config_["schedule"]);
  }

 private:
  void Add(std::string field, std::string description) {
    problems_.push_back({"", std::move(field), std::move(description)});
  }

  void CheckSignature(const Json& signature) {
    const Json& secret = signature["secret"];
    const bool named = secret.is_string()
                           ? IsSecretName(secret.get<std::string>())
                           : std::ranges::all_of(secret, [](const Json& name) {
                               return IsSecretName(name.get<std::string>());
                             });
    if (!named) Add("config.signature.secret", "must be letters, digits, '_' and '-'");
    const bool generic = signature["scheme"] == "hmac_sha256";
    if (generic && !signature.contains("header")) {
      Add("config.signature.header", "is required for hmac_sha256");
    }
    if (signature.contains("header") && !IsHeaderName(signature["header"].get<std::string>())) {
      Add("config.signature.header", "is not a header name");
    }
    if (generic && signature.contains("tolerance_seconds")) {
      Add("config.signature.tolerance_seconds", "needs standard_webhooks: a bare HMAC has no time");
    }
    for (const char* name : {"header", "prefix", "encoding"}) {
      if (!generic && signature.contains(name)) {
        Add(std::string("config.signature.") + name, "is fixed by standard_webhooks");
      }
    }
  }

  void CheckSchedule(const Json& schedule) {
    if (config_["triggerType"] != "schedule") Add("config.schedule", "needs triggerType \"schedule\"");
    const bool has_window = schedule.value("catch_up", "") == "window";
    if (has_window != schedule.contains("catch_up_seconds")) {
      Add("config.schedule.catch_up_seconds", "goes with catch_up \"window\", which needs it");
    }
    constexpr char kSpec[] = "config.schedule.spec";
    const absl::StatusOr<recurrence::Spec> spec = recurrence::SpecFromJson(schedule["spec"], kSpec);
    const absl::Status status =
        spec.ok() ? recurrence::Recurrence::Create(*spec, kSpec).status() : spec.status();
    for (FieldViolation& violation : ViolationsOf(status)) {
      Add(std::move(violation.field), std::move(violation.description));
    }
  }

  void CheckDedupe(const Json& dedupe) {
    if (dedupe.contains("header") && !IsHeaderName(dedupe["header"].get<std::string>())) {
      Add("config.dedupe.header", "is not a header name");
    }
    if (dedupe.contains("path") && !json::ParsePath(dedupe["path"].get<std::string>())) {
      Add("config.dedupe.path", "must be a path such as \"event.id\"");
    }
  }

  const Json& config_;
  std::vector<Problem>& problems_;
};

class TriggerProgram final : public NodeProgram {
 public:
  Step Begin(const NodeContext& context) const override {
    return Complete{std::string(context.trigger()), "", std::nullopt};
  }
};

class TriggerType final : public DescribedType {
 public:
  TriggerType()
      : DescribedType("trigger", "Starts executions and passes on what started them.",
                      trigger::kConfigSchema) {}

  NodeRole role() const override { return NodeRole::kTrigger; }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    ConfigCheck(node.config, problems).Run();
    return std::make_unique<TriggerProgram>();
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeTriggerType() { return std::make_unique<TriggerType>(); }

}  // namespace penstock::workflow_engine
