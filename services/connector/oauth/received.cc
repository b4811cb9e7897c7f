#include "services/connector/oauth/received.h"

#include <utility>

#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

using Json = nlohmann::json;

absl::Status Unreadable() {
  return absl::DataLossError("tokens that were kept aside can't be read");
}

Json Describe(const TokenAnswer& answer) {
  Json json = {{"values", answer.values}};
  if (answer.expires_in) json["expires_in"] = absl::ToDoubleSeconds(*answer.expires_in);
  if (answer.refresh_expires_in)
    json["refresh_expires_in"] = absl::ToDoubleSeconds(*answer.refresh_expires_in);
  if (answer.scopes) json["scopes"] = *answer.scopes;
  return json;
}

TokenAnswer ReadDescription(const Json& json) {
  TokenAnswer answer;
  if (json.contains("expires_in"))
    answer.expires_in = absl::Seconds(json["expires_in"].get<double>());
  if (json.contains("refresh_expires_in"))
    answer.refresh_expires_in = absl::Seconds(json["refresh_expires_in"].get<double>());
  if (json.contains("scopes")) answer.scopes = json["scopes"].get<std::vector<std::string>>();
  answer.values = json.at("values").get<TokenValues>();
  return answer;
}

crypto::Secret TakeSecret(Json& json, const char* name) {
  std::string& text = json.at(name).get_ref<std::string&>();
  crypto::Secret secret(text);
  crypto::Wipe(text);
  return secret;
}

template <typename Id>
Id ReadId(const Json& json, const char* name) {
  const auto id = Id::Parse(json.at(name).get_ref<const std::string&>());
  if (!id) throw std::invalid_argument(name);
  return *id;
}

std::string Text(const crypto::Secret& secret) { return std::string(secret.Reveal()); }

}  // namespace

std::string DescribeAnswer(const TokenAnswer& answer) {
  return Describe(answer).dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<TokenAnswer> AnswerFrom(const std::string& description) {
  try {
    return ReadDescription(Json::parse(description));
  } catch (const std::exception&) {
    return Unreadable();
  }
}

std::string SerializeReceived(const Received& received) {
  Json json = {{"attempt", received.attempt.id.ToString()},
               {"grant", received.attempt.grant.ToString()},
               {"tenant", received.attempt.tenant.ToString()},
               {"fence", received.attempt.fence},
               {"token_version", received.attempt.token_version},
               {"token_used", static_cast<int>(received.attempt.token_used)},
               {"sent_at", absl::ToUnixMicros(received.sent_at)},
               {"answer", Describe(received.answer)},
               {"used", Text(received.used)},
               {"access_token", Text(received.answer.access_token)},
               {"refresh_token", Text(received.answer.refresh_token)}};
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (const char* name : {"used", "access_token", "refresh_token"})
    crypto::Wipe(json[name].get_ref<std::string&>());
  return text;
}

absl::StatusOr<Received> ParseReceived(std::string_view text) {
  try {
    Json json = Json::parse(text);
    Received received;
    received.attempt = {
        .id = ReadId<storage::AttemptId>(json, "attempt"),
        .grant = ReadId<GrantId>(json, "grant"),
        .tenant = ReadId<TenantId>(json, "tenant"),
        .fence = json.at("fence").get<int64_t>(),
        .token_version = json.at("token_version").get<int64_t>(),
        .token_used = static_cast<storage::TokenUsed>(json.at("token_used").get<int>())};
    received.sent_at = absl::FromUnixMicros(json.at("sent_at").get<int64_t>());
    received.answer = ReadDescription(json.at("answer"));
    received.used = TakeSecret(json, "used");
    received.answer.access_token = TakeSecret(json, "access_token");
    received.answer.refresh_token = TakeSecret(json, "refresh_token");
    return received;
  } catch (const std::exception&) {
    return Unreadable();
  }
}

}  // namespace penstock::connector
