#include "services/connector/oauth/token_times.h"

#include <algorithm>

namespace penstock::connector {
namespace {

constexpr absl::Duration kMargin = absl::Minutes(15);

std::optional<absl::Duration> OrDefault(std::optional<absl::Duration> said, absl::Duration known) {
  if (said) return said;
  if (known > absl::ZeroDuration()) return known;
  return std::nullopt;
}

}  // namespace

bool IsUnattended(const OAuth2Config& config) {
  return config.grant_type == GrantType::kClientCredentials ||
         config.grant_type == GrantType::kJwtBearer;
}

TokenTimes TimesOf(const OAuth2Config& config, const Grant& grant, const TokenAnswer& answer,
                   Obtained obtained, absl::Time sent_at, double jitter) {
  TokenTimes times;
  const bool new_refresh_token = !answer.refresh_token.empty();
  const bool refreshes = new_refresh_token || grant.has_refresh_token || IsUnattended(config);
  if (const auto lifetime = OrDefault(answer.expires_in, config.access_ttl)) {
    times.access_expires_at = sent_at + *lifetime;
    const absl::Duration margin = std::min(kMargin, *lifetime / 2);
    // Without a way to get a new one there is nothing to do before it has ended.
    times.refresh_at = refreshes ? *times.access_expires_at - margin -
                                       std::min(absl::Minutes(1), *lifetime / 20) * jitter
                                 : *times.access_expires_at;
  }
  const bool first = obtained == Obtained::kByAuthorization;
  if (!first) {
    times.refresh_idle_expires_at = grant.refresh_idle_expires_at;
    times.refresh_absolute_expires_at = grant.refresh_absolute_expires_at;
  }
  if (!refreshes || IsUnattended(config)) return times;
  if (const auto idle = OrDefault(answer.refresh_expires_in, config.refresh_idle_ttl);
      idle && (first || new_refresh_token)) {
    times.refresh_idle_expires_at = sent_at + *idle;
  }
  if (first && config.refresh_absolute_ttl > absl::ZeroDuration())
    times.refresh_absolute_expires_at = sent_at + config.refresh_absolute_ttl;
  return times;
}

}  // namespace penstock::connector
