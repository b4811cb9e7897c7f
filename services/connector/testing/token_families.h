// The tokens that an authorization server has handed out, and what becomes of them: the part of the
// double that decides whether a client loses its grant. Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace penstock::connector::testing {

enum class ServerRotation { kNone, kRotating, kSingleUse, kGrace };

struct FamilyRules {
  ServerRotation rotation = ServerRotation::kSingleUse;
  absl::Duration grace = absl::Minutes(30);
  // A refresh token shown after its end ends its whole family, as RFC 9700 has it.
  bool revoke_on_reuse = true;
  // Access tokens die when the next is handed out.
  bool one_access_token = false;
};

struct IssuedTokens {
  std::string access_token;
  std::string refresh_token;  // empty = none handed out
  std::vector<std::string> scopes;
};

class TokenFamilies {
 public:
  // A new family; without a refresh token for grants that have none.
  IssuedTokens Begin(const std::vector<std::string>& scopes, bool with_refresh);
  // Nothing = invalid_grant.
  std::optional<IssuedTokens> Refresh(const std::string& refresh_token, const FamilyRules& rules,
                                      absl::Time now);
  // All that were ever handed out and not killed.
  std::vector<std::string> Tokens() const;
  bool IsLive(const std::string& access_token) const;
  bool IsLiveRefreshToken(const std::string& refresh_token, const FamilyRules& rules,
                          absl::Time now) const;
  // Ends the token's family. False for a token that nobody knows.
  bool Revoke(const std::string& token);
  void RevokeAll();
  // Kills one access token, as an administrator or a password change does.
  void KillAccessToken(const std::string& token) { access_.erase(token); }

  // Refresh tokens shown again after their successor was handed out.
  int reuses() const { return reuses_; }

 private:
  struct RefreshToken {
    int family = 0;
    std::optional<absl::Time> used_at;
  };
  IssuedTokens Issue(int family, bool with_refresh);

  int last_ = 0;
  int families_made_ = 0;
  int reuses_ = 0;
  std::map<int, std::vector<std::string>> scopes_;
  std::set<int> revoked_;
  std::map<std::string, RefreshToken> refresh_;
  std::map<std::string, int> access_;
};

}  // namespace penstock::connector::testing
