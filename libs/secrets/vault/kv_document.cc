#include "libs/secrets/vault/kv_document.h"

#include <utility>

#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "libs/secrets/provider.h"
#include "libs/secrets/vault/answer.h"
#include "libs/status/macros.h"

namespace penstock::secrets::vault {
namespace {

constexpr std::string_view kData = "/data/";

std::string ProblemOf(const nlohmann::json& value) {
  if (!value.is_string())
    return fmt::format("is of type {} and must be a string", value.type_name());
  return value.get_ref<const std::string&>().empty() ? "is empty" : "";
}

// No such secret, or none any more, or no such engine: all are a 404.
absl::StatusOr<KvDocument> ReadAbsence(const std::string& place, const Reply& reply,
                                       const nlohmann::json& data) {
  if (data.is_object() && data.contains("metadata") && data["metadata"].is_object()) {
    const nlohmann::json& about = data["metadata"];
    return absl::FailedPreconditionError(fmt::format(
        "version {} of {} is {} in Vault", about.value("version", 0), place,
        about.value("destroyed", false) ? "destroyed" : "deleted; undelete it or write another"));
  }
  const bool warned = reply.body.is_object() && reply.body.contains("warnings") &&
                      !reply.body["warnings"].is_null();
  if (!reply.body.is_object() || warned || !Words(reply).empty()) {
    return absl::FailedPreconditionError(
        fmt::format("Vault answers {} for {}: is a KV engine of version 2 mounted there?",
                    Describe(reply), place));
  }
  return KvDocument();
}

KvDocument DocumentFrom(const nlohmann::json& data) {
  KvDocument document;
  const nlohmann::json& about = data["metadata"];
  document.version = about.is_object() ? about.value("version", int64_t{1}) : 1;
  for (const auto& [name, value] : data["data"].items()) {
    KvDocument::Value& kept = document.values[name];
    kept.problem = ProblemOf(value);
    if (kept.problem.empty()) kept.text = crypto::Secret(value.get_ref<const std::string&>());
  }
  return document;
}

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

absl::StatusOr<KvDocument> ReadKvDocument(Session& session, const KvPath& path,
                                          const std::string& name_space) {
  const std::string place = fmt::format("{}{}{}", path.mount, kData, path.path);
  ASSIGN_OR_RETURN(const Reply reply, session.Get(place, name_space));
  static const nlohmann::json kNone;
  const nlohmann::json& data =
      reply.body.is_object() && reply.body.contains("data") ? reply.body["data"] : kNone;
  if (reply.status == 404) return ReadAbsence(place, reply, data);
  if (reply.status == 403) {
    return absl::PermissionDeniedError(
        fmt::format("Vault lets us not read {} ({}): the policy must give read on this path, and "
                    "the mount and the namespace must be right",
                    place, Describe(reply)));
  }
  if (reply.status != 200) {
    return absl::FailedPreconditionError(
        fmt::format("Vault answers {} for {}", Describe(reply), place));
  }
  if (!data.is_object() || !data.contains("metadata") || !data.contains("data") ||
      !data["data"].is_object()) {
    return absl::FailedPreconditionError(
        fmt::format("what Vault has at {} is not of a KV engine of version 2", place));
  }
  return DocumentFrom(data);
}

}  // namespace penstock::secrets::vault
