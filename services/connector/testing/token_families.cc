#include "services/connector/testing/token_families.h"

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"

namespace penstock::connector::testing {
namespace {

std::string NewToken(std::string_view kind, int number) {
  return fmt::format("{}-{}-{}", kind, number, crypto::HexEncode(crypto::RandomBytes(16)));
}

bool Ended(const FamilyRules& rules, absl::Time used_at, absl::Time now) {
  return rules.rotation == ServerRotation::kSingleUse ||
         (rules.rotation == ServerRotation::kGrace && now - used_at > rules.grace);
}

}  // namespace

IssuedTokens TokenFamilies::Issue(int family, bool with_refresh) {
  IssuedTokens tokens{.access_token = NewToken("access", ++last_), .scopes = scopes_[family]};
  access_[tokens.access_token] = family;
  if (with_refresh) {
    tokens.refresh_token = NewToken("refresh", last_);
    refresh_[tokens.refresh_token] = {.family = family};
  }
  return tokens;
}

IssuedTokens TokenFamilies::Begin(const std::vector<std::string>& scopes, bool with_refresh) {
  const int family = ++families_made_;
  scopes_[family] = scopes;
  return Issue(family, with_refresh);
}

std::optional<IssuedTokens> TokenFamilies::Refresh(const std::string& refresh_token,
                                                   const FamilyRules& rules, absl::Time now) {
  const auto at = refresh_.find(refresh_token);
  if (at == refresh_.end() || revoked_.contains(at->second.family)) return std::nullopt;
  RefreshToken& token = at->second;
  if (token.used_at && rules.rotation != ServerRotation::kNone) ++reuses_;
  if (token.used_at && Ended(rules, *token.used_at, now)) {
    if (rules.revoke_on_reuse) revoked_.insert(token.family);
    return std::nullopt;
  }
  if (rules.one_access_token)
    std::erase_if(access_, [&](const auto& entry) { return entry.second == token.family; });
  if (rules.rotation == ServerRotation::kNone) return Issue(token.family, false);
  if (!token.used_at) token.used_at = now;
  return Issue(token.family, true);
}

std::vector<std::string> TokenFamilies::Tokens() const {
  std::vector<std::string> tokens;
  for (const auto& [token, family] : access_) tokens.push_back(token);
  for (const auto& [token, family] : refresh_) tokens.push_back(token);
  return tokens;
}

bool TokenFamilies::IsLive(const std::string& access_token) const {
  const auto at = access_.find(access_token);
  return at != access_.end() && !revoked_.contains(at->second);
}

bool TokenFamilies::IsLiveRefreshToken(const std::string& refresh_token, const FamilyRules& rules,
                                       absl::Time now) const {
  const auto at = refresh_.find(refresh_token);
  if (at == refresh_.end() || revoked_.contains(at->second.family)) return false;
  return !at->second.used_at || !Ended(rules, *at->second.used_at, now);
}

bool TokenFamilies::Revoke(const std::string& token) {
  if (const auto at = refresh_.find(token); at != refresh_.end())
    return revoked_.insert(at->second.family), true;
  if (const auto at = access_.find(token); at != access_.end())
    return revoked_.insert(at->second), true;
  return false;
}

void TokenFamilies::RevokeAll() {
  for (const auto& [family, scopes] : scopes_) revoked_.insert(family);
}

}  // namespace penstock::connector::testing
