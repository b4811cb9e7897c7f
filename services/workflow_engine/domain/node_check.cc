#include "services/workflow_engine/domain/node_check.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "services/workflow_engine/domain/json_measure.h"
#include "services/workflow_engine/domain/limits.h"
#include "simdjson.h"

namespace penstock::workflow_engine {
namespace {

bool IsUtf8Text(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

// Of UTF-8 text: bytes that do not continue a character.
size_t CharactersIn(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class NodeCheck {
 public:
  NodeCheck(const NodeDefinition& node, const std::string& field, std::vector<Problem>& problems)
      : node_(node), field_(field), problems_(problems) {}

  bool Run() {
    if (!IsNodeId(node_.id)) {
      Add(".id", fmt::format("must be 1 to {} letters, digits, '_' or '-'", kMaxIdLength));
    }
    if (!IsUtf8Text(node_.name)) {
      Add(".name", "must be UTF-8");
    } else if (CharactersIn(node_.name) > kMaxNodeNameLength) {
      Add(".name", fmt::format("must have at most {} characters", kMaxNodeNameLength));
    }
    CheckDuration(".timeout_seconds", node_.timeout, kMaxAttemptTimeout);
    if (node_.retry) CheckRetry(*node_.retry);
    if (node_.progress) CheckProgress(*node_.progress);
    return CheckConfig();
  }

 private:
  void Add(std::string_view member, std::string description) {
    problems_.push_back({node_.id, field_ + std::string(member), std::move(description)});
  }

  void CheckDuration(std::string_view member, absl::Duration value, absl::Duration longest) {
    if (value < absl::ZeroDuration() || value > longest) {
      Add(member, fmt::format("must be 0 to {} seconds", absl::ToInt64Seconds(longest)));
    }
  }

  void CheckRetry(const RetryPolicy& retry) {
    if (retry.initial_interval <= absl::ZeroDuration() ||
        retry.initial_interval > kMaxRetryInterval) {
      Add(".retry.initial_interval_seconds",
          fmt::format("must be more than 0 and at most {}",
                      absl::ToInt64Seconds(kMaxRetryInterval)));
    }
    // Written so that NaN is refused too.
    if (!(retry.backoff_coefficient >= 1 && retry.backoff_coefficient <= kMaxBackoffCoefficient)) {
      Add(".retry.backoff_coefficient", fmt::format("must be 1 to {}", kMaxBackoffCoefficient));
    }
    CheckDuration(".retry.maximum_interval_seconds", retry.maximum_interval, kMaxRetryInterval);
    if (retry.maximum_interval > absl::ZeroDuration() &&
        retry.maximum_interval < retry.initial_interval) {
      Add(".retry.maximum_interval_seconds", "must not be shorter than initial_interval_seconds");
    }
    if (retry.maximum_attempts < 0 || retry.maximum_attempts > kMaxAttempts) {
      Add(".retry.maximum_attempts",
          fmt::format("must be 1 to {}, or 0 for the type's default", kMaxAttempts));
    }
    if (!(retry.jitter >= 0 && retry.jitter <= 1)) Add(".retry.jitter", "must be 0 to 1");
    CheckDuration(".retry.maximum_elapsed_seconds", retry.maximum_elapsed, kMaxRetryElapsed);
    if (retry.non_retryable_error_types.size() > kMaxErrorTypes) {
      Add(".retry.non_retryable_error_types",
          fmt::format("must have at most {} entries", kMaxErrorTypes));
    }
  }

  void CheckProgress(const Progress& progress) {
    if (!IsNodeId(progress.status)) {
      Add(".progress.status", fmt::format("must be 1 to {} letters, digits, '_' or '-'", kMaxIdLength));
    }
    if (progress.percent < 0 || progress.percent > 100) Add(".progress.percent", "must be 0 to 100");
  }

  bool CheckConfig() {
    if (!node_.config.is_object()) {
      Add(".config", "must be an object");
    } else if (DepthOf(node_.config) > kMaxJsonDepth || DepthOf(node_.position) > kMaxJsonDepth) {
      Add(".config", fmt::format("must not be nested deeper than {} levels", kMaxJsonDepth));
    } else if (!IsUtf8(node_.config) || !IsUtf8(node_.position)) {
      Add(".config", "must be UTF-8");
    } else if (TextSizeOf(node_.config) + TextSizeOf(node_.position) > kMaxConfigBytes) {
      Add(".config", fmt::format("must not be larger than {} KiB", kMaxConfigBytes >> 10));
    } else {
      return true;
    }
    return false;
  }

  const NodeDefinition& node_;
  const std::string& field_;
  std::vector<Problem>& problems_;
};

}  // namespace

bool IsNodeId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdLength && std::ranges::all_of(id, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
  });
}

bool CheckNode(const NodeDefinition& node, const std::string& field,
               std::vector<Problem>& problems) {
  return NodeCheck(node, field, problems).Run();
}

}  // namespace penstock::workflow_engine
