#include "libs/secrets/testing/fake_vault.h"

#include <algorithm>
#include <optional>

#include "fmt/format.h"
#include "libs/crypto/aead.h"
#include "libs/secrets/testing/fake_vault_answers.h"

namespace penstock::secrets {
namespace {

using Json = nlohmann::json;

std::string HeaderOf(const egress::ReceivedRequest& request, const std::string& name) {
  auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

// "30s", as Vault takes durations; anything else counts as none.
absl::Duration IncrementOf(const Json& body) {
  absl::Duration increment;
  return absl::ParseDuration(TextOf(body, "increment"), &increment) ? increment
                                                                    : absl::ZeroDuration();
}

}  // namespace

FakeVault::FakeVault(const Clock& clock, const egress::TlsIdentity* identity)
    : clock_(clock), server_([this](egress::Peer& peer) { Serve(peer); }, identity) {}

void FakeVault::MountKv(const std::string& mount) {
  absl::MutexLock lock(&mutex_);
  engines_[{"", mount}];
}

void FakeVault::MountTransit(const std::string& mount) {
  absl::MutexLock lock(&mutex_);
  transit_[{"", mount}];
}

void FakeVault::MountAppRole(const std::string& mount) {
  absl::MutexLock lock(&mutex_);
  app_roles_[{"", "auth/" + mount}];
}

void FakeVault::Write(const std::string& mount, const std::string& path, Json data,
                      const std::string& name_space) {
  absl::MutexLock lock(&mutex_);
  engines_[{name_space, mount}][path].push_back({std::move(data)});
}

void FakeVault::DeleteLatest(const std::string& mount, const std::string& path) {
  absl::MutexLock lock(&mutex_);
  engines_.at({"", mount}).at(path).back().deleted = true;
}

void FakeVault::DestroyLatest(const std::string& mount, const std::string& path) {
  absl::MutexLock lock(&mutex_);
  engines_.at({"", mount}).at(path).back().destroyed = true;
}

void FakeVault::RotateTransitKey(const std::string& mount, const std::string& key) {
  absl::MutexLock lock(&mutex_);
  transit_[{"", mount}][key].versions.push_back(crypto::Secret::Random(crypto::kAeadKeyBytes));
}

void FakeVault::SetMinDecryptionVersion(const std::string& mount, const std::string& key,
                                        int version) {
  absl::MutexLock lock(&mutex_);
  transit_.at({"", mount}).at(key).min_decryption_version = version;
}

void FakeVault::DeleteTransitKey(const std::string& mount, const std::string& key) {
  absl::MutexLock lock(&mutex_);
  transit_.at({"", mount}).erase(key);
}

std::string FakeVault::MakeToken(TokenRules rules, const std::string& name_space) {
  absl::MutexLock lock(&mutex_);
  return AddToken(rules, name_space);
}

void FakeVault::AllowAppRole(const std::string& mount, const std::string& role_id,
                             const std::string& secret_id, TokenRules rules,
                             const std::string& name_space) {
  absl::MutexLock lock(&mutex_);
  app_roles_[{name_space, "auth/" + mount}][role_id] = {secret_id, std::move(rules)};
}

void FakeVault::AllowKubernetes(const std::string& mount, const std::string& role,
                                const std::string& jwt, TokenRules rules,
                                const std::string& name_space) {
  absl::MutexLock lock(&mutex_);
  kubernetes_[{name_space, "auth/" + mount}][role] = {jwt, std::move(rules)};
}

void FakeVault::RevokeAllTokens() {
  absl::MutexLock lock(&mutex_);
  tokens_.clear();
}

void FakeVault::SetSealed(bool sealed) {
  absl::MutexLock lock(&mutex_);
  sealed_ = sealed;
}

void FakeVault::FailNext(int requests, int status) {
  absl::MutexLock lock(&mutex_);
  fail_next_ = requests;
  fail_status_ = status;
}

void FakeVault::HangNext(int requests) {
  absl::MutexLock lock(&mutex_);
  hang_next_ = requests;
}

void FakeVault::SetEchoing(bool echoing) {
  absl::MutexLock lock(&mutex_);
  echoing_ = echoing;
}

FakeVault::Counts FakeVault::counts() const {
  absl::MutexLock lock(&mutex_);
  return counts_;
}

void FakeVault::Serve(egress::Peer& peer) {
  while (std::optional<egress::ReceivedRequest> request = peer.Read()) {
    std::optional<Answer> answer;
    {
      absl::MutexLock lock(&mutex_);
      ++counts_.requests;
      if (hang_next_ > 0) {
        --hang_next_;
      } else if (fail_next_ > 0) {
        --fail_next_;
        answer = Answer{fail_status_, Errors({})};
      } else {
        answer = Handle(*request);
        if (echoing_ && answer->status >= 400) {
          answer->body["errors"].push_back(HeaderOf(*request, "x-vault-token") + request->body);
        }
      }
    }
    if (!answer) return peer.AwaitClose();
    if (!peer.Respond(answer->status, answer->body.dump(), "Content-Type: application/json\r\n"))
      return;
  }
}

FakeVault::Answer FakeVault::Handle(const egress::ReceivedRequest& request) {
  if (sealed_) return {503, Errors({"Vault is sealed"})};
  if (!request.target.starts_with("/v1/") || request.target.find("..") != std::string::npos ||
      request.target.find("//") != std::string::npos) {
    return {404, Errors({})};
  }
  const Place place{HeaderOf(request, "x-vault-namespace"), request.target.substr(4)};
  const auto& path = place.second;
  if (path.ends_with("/login") && path.starts_with("auth/")) return LogIn(request, place);

  const std::string text = HeaderOf(request, "x-vault-token");
  auto found = tokens_.find(text);
  if (text.empty()) return {403, Errors({"permission denied"})};
  if (found == tokens_.end() || found->second.ends_at <= clock_.Now() ||
      !place.first.starts_with(found->second.name_space)) {
    return {403, Errors({"2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"})};
  }
  Token& token = found->second;
  if (path == "auth/token/renew-self") return RenewSelf(request, text, token);
  if (FindMount(transit_, place.first, path) != transit_.end()) {
    return UseTransitKey(request, place, token);
  }
  return path == "auth/token/lookup-self" ? LookUpSelf(token) : UseSecret(request, place, token);
}

FakeVault::Answer FakeVault::LogIn(const egress::ReceivedRequest& request, const Place& place) {
  const std::string& path = place.second;
  auto app_role = FindMount(app_roles_, place.first, path);
  auto kubernetes = FindMount(kubernetes_, place.first, path);
  const bool is_app_role = app_role != app_roles_.end();
  if (!is_app_role && kubernetes == kubernetes_.end()) {
    return {404, Errors({NoRoute(path)})};
  }
  if (request.method != "POST" && request.method != "PUT") {
    return {405, Errors({kUnsupported})};
  }
  const Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return {400, Errors({"error parsing JSON"})};
  const char* name = is_app_role ? "role_id" : "role";
  const char* shown = is_app_role ? "secret_id" : "jwt";
  if (TextOf(body, name).empty()) return {400, Errors({fmt::format("missing {}", name)})};
  if (TextOf(body, shown).empty()) return {400, Errors({fmt::format("missing {}", shown)})};
  auto& roles = is_app_role ? app_role->second : kubernetes->second;
  auto role = roles.find(TextOf(body, name));
  if (role == roles.end() || role->second.credential != TextOf(body, shown)) {
    if (is_app_role) return {400, Errors({"invalid role or secret ID"})};
    if (role == roles.end())
      return {400, Errors({fmt::format("invalid role name \"{}\"", TextOf(body, name))})};
    return {403, Errors({"permission denied"})};
  }
  ++counts_.logins;
  return {200, {{"auth", AuthOf(AddToken(role->second.rules, place.first))}}};
}

FakeVault::Answer FakeVault::RenewSelf(const egress::ReceivedRequest& request,
                                       const std::string& text, Token& token) {
  if (request.method != "POST" && request.method != "PUT") {
    return {405, Errors({kUnsupported})};
  }
  if (!token.rules.may_renew) return {403, Errors({kPermissionDenied})};
  if (!token.rules.renewable) return {400, Errors({"lease is not renewable"})};
  const Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return {400, Errors({"error parsing JSON"})};
  const absl::Duration asked = IncrementOf(body);
  const absl::Duration longest = token.made_at + token.rules.max_ttl - clock_.Now();
  const absl::Duration granted =
      std::min(asked > absl::ZeroDuration() ? asked : token.rules.ttl, longest);
  token.ends_at = clock_.Now() + granted;
  ++counts_.renewals;
  return {200, {{"auth", AuthOf(text)}}};
}

FakeVault::Answer FakeVault::LookUpSelf(const Token& token) {
  const bool ends = token.ends_at != absl::InfiniteFuture();
  return {200,
          {{"data",
            {{"ttl", ends ? absl::ToInt64Seconds(token.ends_at - clock_.Now()) : 0},
             {"renewable", token.rules.renewable}}}}};
}

std::string FakeVault::AddToken(const TokenRules& rules, const std::string& name_space) {
  const std::string text = fmt::format("hvs.planted-token-{}", ++made_);
  const bool ends = rules.ttl > absl::ZeroDuration();
  tokens_[text] = {
      rules, name_space, clock_.Now(),
      ends ? clock_.Now() + std::min(rules.ttl, rules.max_ttl) : absl::InfiniteFuture()};
  return text;
}

Json FakeVault::AuthOf(const std::string& text) {
  const Token& token = tokens_.at(text);
  const bool ends = token.ends_at != absl::InfiniteFuture();
  return {{"client_token", text},
          {"accessor", "planted-accessor"},
          {"lease_duration", ends ? absl::ToInt64Seconds(token.ends_at - clock_.Now()) : 0},
          {"renewable", token.rules.renewable}};
}

}  // namespace penstock::secrets
