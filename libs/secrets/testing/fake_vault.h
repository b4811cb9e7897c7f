// A Vault on loopback for tests: KV version 2, transit, the logins AppRole and Kubernetes, tokens
// that end.
// It refuses what a real one refuses, in the same words, and fails when a test says so.
// libs/secrets/conformance asks both the same.
//
//   FakeVault vault(clock);
//   vault.Write("kv", "app/secrets", {{"DB_PASSWORD_SERVER", "..."}});
//   vault.AllowAppRole("approle", "role", "secret-id", {.may_read = {"kv/data/app/secrets"}});
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/crypto/secret.h"
#include "libs/egress/testing/script_server.h"
#include "libs/egress/testing/tls_identity.h"
#include "libs/secrets/testing/token_rules.h"
#include "nlohmann/json.hpp"

namespace penstock::secrets {

class FakeVault {
 public:
  // Tokens end by `clock`, which outlives it. With an identity it speaks TLS.
  explicit FakeVault(const Clock& clock, const egress::TlsIdentity* identity = nullptr);

  std::string address() const { return server_.url(""); }

  // Empty engines and logins. What is written or allowed below mounts its own where there is none.
  void MountKv(const std::string& mount);
  void MountTransit(const std::string& mount);
  void MountAppRole(const std::string& mount);

  // Another version of a secret. All paths below are of the namespace given last, "" = the root.
  void Write(const std::string& mount, const std::string& path, nlohmann::json data,
             const std::string& name_space = "");
  void DeleteLatest(const std::string& mount, const std::string& path);
  void DestroyLatest(const std::string& mount, const std::string& path);

  // Another version of a key of the transit engine.
  void RotateTransitKey(const std::string& mount, const std::string& key);
  // Ciphertexts of older versions are refused from then on.
  void SetMinDecryptionVersion(const std::string& mount, const std::string& key, int version);
  void DeleteTransitKey(const std::string& mount, const std::string& key);

  std::string MakeToken(TokenRules rules, const std::string& name_space = "");
  void AllowAppRole(const std::string& mount, const std::string& role_id,
                    const std::string& secret_id, TokenRules rules,
                    const std::string& name_space = "");
  void AllowKubernetes(const std::string& mount, const std::string& role, const std::string& jwt,
                       TokenRules rules, const std::string& name_space = "");
  void RevokeAllTokens();

  // 503 to everything, until a test says otherwise.
  void SetSealed(bool sealed);
  // The next requests get this status and nothing else happens.
  void FailNext(int requests, int status);
  // The next requests get no answer; their connections stay open.
  void HangNext(int requests);
  // Errors repeat what was sent, as no Vault should.
  void SetEchoing(bool echoing);

  struct Counts {
    int requests = 0, logins = 0, renewals = 0, reads = 0, encryptions = 0, decryptions = 0;
  };
  Counts counts() const;

 private:
  struct Version {
    nlohmann::json data;
    bool deleted = false, destroyed = false;
  };
  struct Token {
    TokenRules rules;
    std::string name_space;
    absl::Time made_at, ends_at;
  };
  struct TransitKey {
    std::vector<crypto::Secret> versions;
    int min_decryption_version = 1;
  };
  struct Role {
    std::string credential;
    TokenRules rules;
  };
  struct Answer {
    int status;
    nlohmann::json body;
  };
  // Namespace and path.
  using Place = std::pair<std::string, std::string>;

  void Serve(egress::Peer& peer);
  Answer Handle(const egress::ReceivedRequest& request) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer LogIn(const egress::ReceivedRequest& request, const Place& place)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer RenewSelf(const egress::ReceivedRequest& request, const std::string& text, Token& token)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer LookUpSelf(const Token& token) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer UseTransitKey(const egress::ReceivedRequest& request, const Place& place,
                       const Token& token) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer Encrypt(const TransitKey& key, const nlohmann::json& body, const std::string& associated)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer Decrypt(const TransitKey& key, const nlohmann::json& body, const std::string& associated)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer UseSecret(const egress::ReceivedRequest& request, const Place& place, const Token& token)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer ReadSecret(const std::vector<Version>& versions) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer WriteSecret(const egress::ReceivedRequest& request, std::vector<Version>& versions)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string AddToken(const TokenRules& rules, const std::string& name_space)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  nlohmann::json AuthOf(const std::string& text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  mutable absl::Mutex mutex_;
  std::map<Place, std::map<std::string, std::vector<Version>>> engines_ ABSL_GUARDED_BY(mutex_);
  std::map<Place, std::map<std::string, TransitKey>> transit_ ABSL_GUARDED_BY(mutex_);
  std::map<Place, std::map<std::string, Role>> app_roles_, kubernetes_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Token> tokens_ ABSL_GUARDED_BY(mutex_);
  int made_ ABSL_GUARDED_BY(mutex_) = 0;
  bool sealed_ ABSL_GUARDED_BY(mutex_) = false;
  bool echoing_ ABSL_GUARDED_BY(mutex_) = false;
  int fail_next_ ABSL_GUARDED_BY(mutex_) = 0, fail_status_ ABSL_GUARDED_BY(mutex_) = 0;
  int hang_next_ ABSL_GUARDED_BY(mutex_) = 0;
  Counts counts_ ABSL_GUARDED_BY(mutex_);
  egress::ScriptServer server_;  // uses all the others, so goes first
};

}  // namespace penstock::secrets
