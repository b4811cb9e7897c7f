#include "libs/secrets/vault/kv_provider.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "fmt/format.h"
#include "libs/secrets/vault/answer.h"
#include "libs/status/macros.h"

namespace penstock::secrets::vault {
namespace {

constexpr std::string_view kData = "/data/";

// The keys of one version.
struct Document {
  struct Value {
    crypto::Secret text;
    std::string problem;  // why the value can't be used: "is empty"
  };
  std::map<std::string, Value, std::less<>> values;
};

std::string ProblemOf(const nlohmann::json& value) {
  if (!value.is_string())
    return fmt::format("is of type {} and must be a string", value.type_name());
  return value.get_ref<const std::string&>().empty() ? "is empty" : "";
}

class KvProvider final : public Provider {
 public:
  KvProvider(std::unique_ptr<Session> session, KvPath path, std::string name_space,
             const Clock& clock, absl::Duration max_age)
      : session_(std::move(session)),
        place_(fmt::format("{}/data/{}", path.mount, path.path)),
        name_space_(std::move(name_space)),
        clock_(clock),
        max_age_(max_age) {}

  absl::StatusOr<std::optional<crypto::Secret>> Find(std::string_view name) override {
    absl::MutexLock lock(&mutex_);
    if (clock_.Now() >= read_at_ + max_age_) {
      document_ = Read();
      read_at_ = clock_.Now();
    }
    RETURN_IF_ERROR(document_.status());
    auto found = document_->values.find(name);
    if (found == document_->values.end()) return std::nullopt;
    if (!found->second.problem.empty()) {
      return absl::FailedPreconditionError(
          fmt::format("{} {}", PlaceOf(name), found->second.problem));
    }
    return crypto::Secret(found->second.text.Reveal());
  }

  std::string PlaceOf(std::string_view name) const override {
    return fmt::format("the key {} of {} in Vault", name, place_);
  }

 private:
  absl::StatusOr<Document> Read() {
    ASSIGN_OR_RETURN(const Reply reply, session_->Get(place_, name_space_));
    static const nlohmann::json kNone;
    const nlohmann::json& data =
        reply.body.is_object() && reply.body.contains("data") ? reply.body["data"] : kNone;
    if (reply.status == 404) return ReadAbsence(reply, data);
    if (reply.status == 403) {
      return absl::PermissionDeniedError(
          fmt::format("Vault lets us not read {} ({}): the policy must give read on this path, and "
                      "the mount and the namespace must be right",
                      place_, Describe(reply)));
    }
    if (reply.status != 200) {
      return absl::FailedPreconditionError(
          fmt::format("Vault answers {} for {}", Describe(reply), place_));
    }
    if (!data.is_object() || !data.contains("metadata") || !data.contains("data") ||
        !data["data"].is_object()) {
      return absl::FailedPreconditionError(
          fmt::format("what Vault has at {} is not of a KV engine of version 2", place_));
    }
    Document document;
    for (const auto& [name, value] : data["data"].items()) {
      Document::Value& kept = document.values[name];
      kept.problem = ProblemOf(value);
      if (kept.problem.empty()) kept.text = crypto::Secret(value.get_ref<const std::string&>());
    }
    return document;
  }

  // No such secret, or none any more, or no such engine: all are a 404.
  absl::StatusOr<Document> ReadAbsence(const Reply& reply, const nlohmann::json& data) {
    if (data.is_object() && data.contains("metadata") && data["metadata"].is_object()) {
      const nlohmann::json& about = data["metadata"];
      return absl::FailedPreconditionError(fmt::format(
          "version {} of {} is {} in Vault", about.value("version", 0), place_,
          about.value("destroyed", false) ? "destroyed" : "deleted; undelete it or write another"));
    }
    const bool warned = reply.body.is_object() && reply.body.contains("warnings") &&
                        !reply.body["warnings"].is_null();
    if (!reply.body.is_object() || warned || !Words(reply).empty()) {
      return absl::FailedPreconditionError(
          fmt::format("Vault answers {} for {}: is a KV engine of version 2 mounted there?",
                      Describe(reply), place_));
    }
    return Document();
  }

  const std::unique_ptr<Session> session_;
  const std::string place_;
  const std::string name_space_;
  const Clock& clock_;
  const absl::Duration max_age_;
  absl::Mutex mutex_;
  absl::StatusOr<Document> document_ ABSL_GUARDED_BY(mutex_);
  absl::Time read_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace

absl::Status CheckPath(const std::string& path) {
  for (absl::string_view part : absl::StrSplit(path, '/')) {
    // No part begins with a dot, so "." and ".." are refused too.
    if (!IsSecretName({part.data(), part.size()}) || part.back() == '.') {
      return absl::InvalidArgumentError(fmt::format(
          "'{}' is no path: names of letters, digits, '-', '_' and '.', and '/'", path));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<KvPath> ParseKvPath(const std::string& text, const std::string& mount) {
  KvPath parsed{.mount = mount, .path = text};
  const size_t data = text.find(kData);
  if (mount.empty()) {
    if (data == std::string::npos) {
      return absl::InvalidArgumentError(
          "must be mount, /data/ and path, for example kv/data/app/secrets");
    }
    parsed = {.mount = text.substr(0, data), .path = text.substr(data + kData.size())};
  } else if (text.starts_with(fmt::format("{}{}", mount, kData))) {
    parsed.path = text.substr(mount.size() + kData.size());
  }
  RETURN_IF_ERROR(CheckPath(parsed.mount));
  RETURN_IF_ERROR(CheckPath(parsed.path));
  return parsed;
}

std::unique_ptr<Provider> CreateKvProvider(std::unique_ptr<Session> session, KvPath path,
                                           std::string name_space, const Clock& clock,
                                           absl::Duration max_age) {
  return std::make_unique<KvProvider>(std::move(session), std::move(path), std::move(name_space),
                                      clock, max_age);
}

}  // namespace penstock::secrets::vault
