#include "services/connector/auth/testing/try.h"

#include <utility>
#include <vector>

#include "services/connector/auth/request_edit.h"

namespace penstock::connector {

Credentials CredentialsOf(const std::map<std::string, std::string>& secrets) {
  Credentials credentials;
  for (const auto& [field, value] : secrets) credentials.Put(field, crypto::Secret(value));
  return credentials;
}

absl::StatusOr<egress::HttpRequest> Authenticated(const AuthStrategy& strategy, Try attempt) {
  const Json config = Json::parse(attempt.config), data = Json::parse(attempt.data);
  const Credentials credentials = CredentialsOf(attempt.secrets);
  const absl::Status status = strategy.Authenticate(
      {config, data, credentials, attempt.now, attempt.nonce, attempt.writing}, attempt.request);
  if (!status.ok()) return status;
  return std::move(attempt.request);
}

absl::Status Examined(const AuthStrategy& strategy, const Try& attempt) {
  const Json config = Json::parse(attempt.config), data = Json::parse(attempt.data);
  const Credentials credentials = CredentialsOf(attempt.secrets);
  return strategy.Examine({config, data, credentials, attempt.now, attempt.nonce, attempt.writing});
}

std::string HeaderOf(const egress::HttpRequest& request, std::string_view name) {
  const std::string* value = FindHeader(request.headers, name);
  return value == nullptr ? "" : *value;
}

std::string WrongIn(const AuthStrategy& strategy, const std::string& config) {
  std::vector<FieldViolation> wrong;
  strategy.Check(Json::parse(config), wrong);
  std::string text;
  for (const FieldViolation& violation : wrong) {
    text += violation.field + ": " + violation.description + "\n";
  }
  return text;
}

}  // namespace penstock::connector
