#include "services/connector/ops/connector_check.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/json_schema/schema.h"
#include "libs/request/text.h"
#include "re2/re2.h"
#include "services/connector/auth/inline_secrets.h"
#include "services/connector/openapi/api_spec.h"
#include "services/connector/outbound/target.h"

namespace penstock::connector {
namespace {

constexpr size_t kMaxSecretBytes = 64 << 10;
constexpr size_t kMaxJsonBytes = 64 << 10;
constexpr size_t kMaxSpecBytes = 4 << 20;
constexpr size_t kMaxHosts = 20;
constexpr size_t kMaxScopes = 200;
constexpr std::string_view kClassifications[] = {"redis",    "http-log", "syslog",
                                                 "file-log", "tcp-log",  "udp-log"};

using Violations = std::vector<FieldViolation>;

void CheckNames(const Connector& connector, Violations& wrong) {
  static const RE2& name = *new RE2("[a-z0-9]([a-z0-9_-]{0,98}[a-z0-9])?");
  static const RE2& service = *new RE2("[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?");
  if (!RE2::FullMatch(connector.name, name)) {
    wrong.push_back({"connector.name",
                     "must be 1 to 100 lower-case letters, digits, '-' and '_', and begin and end "
                     "with a letter or digit"});
  }
  if (!RE2::FullMatch(connector.service_name, service)) {
    wrong.push_back({"connector.service_name",
                     "must be 1 to 100 lower-case letters, digits, '.', '-' and '_'; with "
                     "provider_id it is the provider"});
  }
  CheckText(connector.display_name, "connector.display_name", {.min = 1, .max = 255}, wrong);
  CheckText(connector.description, "connector.description", {.max = 2000}, wrong);
}

void CheckLists(const Connector& connector, Violations& wrong) {
  if (connector.allowed_hosts.size() > kMaxHosts) {
    wrong.push_back({"connector.allowed_hosts", fmt::format("may be {} at most", kMaxHosts)});
  }
  if (connector.scopes.size() > kMaxScopes) {
    wrong.push_back({"connector.scopes", fmt::format("may be {} at most", kMaxScopes)});
  }
  for (size_t i = 0; i < connector.scopes.size(); ++i) {
    CheckText(connector.scopes[i], fmt::format("connector.scopes[{}]", i), {.min = 1, .max = 500},
              wrong);
  }
  for (size_t i = 0; i < connector.classifications.size(); ++i) {
    if (std::ranges::find(kClassifications, connector.classifications[i]) ==
        std::end(kClassifications)) {
      wrong.push_back({fmt::format("connector.classifications[{}]", i),
                       fmt::format("must be one of {}", fmt::join(kClassifications, ", "))});
    }
  }
}

void CheckSizes(const Connector& connector, Violations& wrong) {
  const std::pair<const char*, const std::string*> texts[] = {
      {"connector.auth_config", &connector.auth_config},
      {"connector.config_schema", &connector.config_schema},
      {"connector.config_data", &connector.config_data},
      {"connector.metadata", &connector.metadata}};
  for (const auto& [field, text] : texts) {
    if (text->size() > kMaxJsonBytes / 2) wrong.push_back({field, "must be at most 32 KiB"});
  }
  if (connector.api_spec && connector.api_spec->size() > kMaxSpecBytes) {
    wrong.push_back({"connector.api_spec", "must be at most 4 MiB"});
  }
}

void CheckLimits(const Connector& connector, Violations& wrong) {
  if (connector.rate_limit && !(*connector.rate_limit > 0 && *connector.rate_limit <= 1e6)) {
    wrong.push_back({"connector.rate_limit", "must be positive, at most 1,000,000 a second"});
  }
  if (connector.timeout &&
      (*connector.timeout < absl::Milliseconds(100) || *connector.timeout > absl::Minutes(5))) {
    wrong.push_back({"connector.timeout", "must be 0.1 s to 300 s"});
  }
}

void CheckTarget(const Connector& connector, egress::PlainHttp plain_http, Violations& wrong) {
  if (plain_http == egress::PlainHttp::kRefused && connector.base_url.starts_with("http://")) {
    wrong.push_back({"connector.base_url", "must begin with https://"});
    return;
  }
  const absl::Status status = Target::Create(connector.base_url, connector.allowed_hosts).status();
  for (FieldViolation& violation : ViolationsOf(status)) {
    violation.field = "connector." + violation.field;
    wrong.push_back(std::move(violation));
  }
}

void CheckAuth(const Connector& connector, const AuthStrategies& strategies, Violations& wrong) {
  const AuthStrategy* strategy = strategies.Find(connector.auth_type);
  if (strategy == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& each : strategies.all()) known.push_back(each->type());
    wrong.push_back(
        {"connector.auth_type", fmt::format("must be one of {}", fmt::join(known, ", "))});
    return;
  }
  Violations found;
  strategies.Check(*strategy, Json::parse(connector.auth_config), found);
  for (FieldViolation& violation : found) {
    violation.field =
        "connector.auth_config" + (violation.field.empty() ? "" : "." + violation.field);
    wrong.push_back(std::move(violation));
  }
}

// What its auth_config takes from it.
void CheckDataFields(const Connector& connector, const AuthStrategies& strategies,
                     Violations& wrong) {
  const AuthStrategy* strategy = strategies.Find(connector.auth_type);
  if (strategy == nullptr) return;
  const Json data = Json::parse(connector.config_data);
  for (const std::string& name : strategy->data_fields(Json::parse(connector.auth_config))) {
    const auto found = data.find(name);
    const bool fits =
        found != data.end() && !found->is_structured() && !found->is_null() && *found != Json("");
    if (fits) continue;
    wrong.push_back({"connector.config_data." + name,
                     "is used by auth_config: it must be a text, number or truth value"});
  }
}

// A connector says itself what its config_data must be like.
void CheckConfigData(const Connector& connector, Violations& wrong) {
  const Json schema = Json::parse(connector.config_schema);
  const Json data = Json::parse(connector.config_data);
  Violations inline_secrets;
  CheckNoInlineSecrets(data, inline_secrets);
  for (FieldViolation& violation : inline_secrets) {
    wrong.push_back({"connector.config_data." + violation.field, violation.description});
  }
  if (schema.empty()) return;
  const absl::StatusOr<json_schema::Schema> compiled = json_schema::Schema::Compile(schema);
  for (FieldViolation& violation : ViolationsOf(compiled.status())) {
    wrong.push_back({"connector.config_schema" + violation.field, violation.description});
  }
  if (!compiled.ok()) return;
  for (const json_schema::Violation& violation : compiled->Validate(data)) {
    wrong.push_back({"connector.config_data" + violation.instance_path, violation.message});
  }
}

void CheckApiSpec(const Connector& connector, Violations& wrong) {
  if (!connector.api_spec) return;
  const absl::Status spec = openapi::ApiSpec::Parse(Json::parse(*connector.api_spec)).status();
  for (FieldViolation& violation : ViolationsOf(spec)) {
    wrong.push_back({"connector.api_spec" + violation.field, violation.description});
  }
}

}  // namespace

void CheckConnector(const Connector& connector, const AuthStrategies& strategies,
                    egress::PlainHttp plain_http, Violations& wrong) {
  CheckNames(connector, wrong);
  CheckLists(connector, wrong);
  CheckSizes(connector, wrong);
  CheckLimits(connector, wrong);
  CheckTarget(connector, plain_http, wrong);
  CheckAuth(connector, strategies, wrong);
  CheckConfigData(connector, wrong);
  CheckDataFields(connector, strategies, wrong);
  CheckApiSpec(connector, wrong);
}

void CheckSecrets(const Connector& connector, const AuthStrategies& strategies,
                  const SecretValues& secrets, absl::Time now, Violations& wrong) {
  const AuthStrategy& strategy = *strategies.Find(connector.auth_type);
  const Json config = Json::parse(connector.auth_config);
  const Json data = Json::parse(connector.config_data);
  const std::vector<SecretField> fields = strategy.secret_fields(config);
  bool all_required = true;
  for (const SecretField& field : fields) {
    all_required = all_required && (!field.required || secrets.contains(field.name));
  }
  const size_t before = wrong.size();
  Credentials credentials;
  for (const auto& [name, value] : secrets) {
    const std::string field = fmt::format("secrets[\"{}\"]", name);
    if (std::ranges::find(fields, name, &SecretField::name) == fields.end()) {
      wrong.push_back({field, fmt::format("auth_type {} takes no such secret", strategy.type())});
    } else if (value.empty() || value.size() > kMaxSecretBytes) {
      wrong.push_back({field, "must have 1 byte to 64 KiB"});
    }
    credentials.Put(name, crypto::Secret(value.Reveal()));
  }
  // Tokens of a grant are not there yet, and of a part nothing can be told.
  if (wrong.size() > before || !all_required || strategy.token_need(config) == TokenNeed::kGrant) {
    return;
  }
  const absl::Status usable = strategy.Examine({.config = config,
                                                .data = data,
                                                .credentials = credentials,
                                                .now = now,
                                                .nonce = std::string(32, '0')});
  if (usable.ok()) return;
  const std::string field = MetadataOf(usable, "field");
  const bool is_of_data = ReasonOf(usable).starts_with("CONFIG_DATA");
  const std::string named =
      is_of_data ? "connector.config_data." + field : fmt::format("secrets[\"{}\"]", field);
  wrong.push_back({field.empty() ? "secrets" : named, std::string(usable.message())});
}

std::set<std::string> DestinationsOf(const Connector& connector, const AuthStrategies& strategies) {
  std::set<std::string> places{"base_url " + connector.base_url};
  for (const std::string& host : connector.allowed_hosts) places.insert("host " + host);
  const AuthStrategy* strategy = strategies.Find(connector.auth_type);
  if (strategy == nullptr) return places;
  const Json config = Json::parse(connector.auth_config);
  for (const std::string& member : strategy->destinations(config)) {
    if (config.contains(member)) places.insert(member + " " + config[member].dump());
  }
  return places;
}

}  // namespace penstock::connector
