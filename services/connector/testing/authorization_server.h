// A strict OAuth 2.0 authorization server on loopback, over real HTTP, that does every unpleasant
// thing that providers do when it is told to. Serves /authorize, /token, /device_authorization,
// /revoke and a protected /resource. Consents at once to whatever it is asked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/egress/testing/script_server.h"
#include "services/connector/testing/oauth_form.h"
#include "services/connector/testing/token_families.h"

namespace penstock::connector::testing {

enum class ServerClientAuth { kBasic, kPost, kPrivateKeyJwt, kNone };

struct ServerSwitches {
  ServerClientAuth client_auth = ServerClientAuth::kBasic;
  std::string client_id = "client";
  std::string client_secret = "s3cret:with%odd&signs";
  std::string client_public_key = {};   // PEM, Ed25519, for private_key_jwt
  std::string subject_public_key = {};  // of assertions that are grants
  std::string redirect_uri = "https://penstock.example/oauth/callback/acme";
  bool pkce = true;  // refuses requests without S256
  bool send_iss = false;
  std::string issuer = {};  // empty = url("")

  FamilyRules rules = {};
  // As it stands in the answer: "3600", "\"3600\"", "-1". Empty = left out.
  std::string expires_in = "3600";
  std::optional<std::vector<std::string>> grant_scopes = {};  // instead of those asked for
  bool omit_refresh_token =
      false;  // from answers to a refresh, though the old one ended or not as the rules say
  bool form_encoded = false;
  bool nested = false;             // tokens under "authed_user"
  std::string refresh_error = {};  // answered to every refresh: {"error": this}
  std::string refresh_error_description = {};
  int error_status = 400;  // 200 as some providers do
  bool huge_answer = false;
  bool gzip_bomb = false;
  absl::Duration clock_skew = {};  // of Date
  int rate_limited = 0;            // so many token requests are answered 429, Retry-After a date
  int unavailable = 0;             // so many 503
  int dropped = 0;                 // so many are done, and the connection closed without an answer
  int revoke_unavailable = 0;      // so many revocations are answered 503
  std::string verification_uri = "https://provider.example/device";
  int device_interval = 1;
};

class AuthorizationServer {
 public:
  explicit AuthorizationServer(const Clock& clock);
  ~AuthorizationServer();

  std::string url(std::string_view path) const;
  int port() const;
  // An auth_config that fits, as JSON: URLs, client id and how the client proves itself; `more` is
  // merged into it.
  std::string ConnectorConfig(std::string_view more = "{}") const;

  void Set(const std::function<void(ServerSwitches&)>& change);
  // Called while a token request is handled and before it is answered, without a lock; may block.
  void OnToken(std::function<void(const std::string& grant_type)> hook);

  // What a browser does that is sent to `authorize_url`: the query it comes back with, or nothing
  // when the server refuses.
  std::optional<std::string> Consent(const std::string& authorize_url);
  // The user of a device flow. False for a code that nobody knows.
  bool ApproveDevice(const std::string& user_code);
  bool DenyDevice(const std::string& user_code);

  // Tokens of a grant made elsewhere, for tests that begin with one.
  IssuedTokens Issue(const std::vector<std::string>& scopes);
  std::vector<std::string> issued_tokens() const;
  void RevokeAll();
  void KillAccessToken(const std::string& token);
  bool IsLive(const std::string& access_token) const;
  bool IsLiveRefreshToken(const std::string& refresh_token) const;

  int token_requests() const { return Counted("token"); }
  int refresh_requests() const { return Counted("refresh_token"); }
  // Refresh tokens shown again though their successors had been handed out.
  int reuses() const;
  // The most token requests under way at once.
  int most_at_once() const;
  int Counted(
      const std::string& what) const;  // "token", a grant type, "revoke", "device_authorization"
  void AwaitCount(const std::string& what, int count) const;
  // Whether a received request held `text` where it must not: in a URL.
  bool SawInUrl(std::string_view text) const;

 private:
  struct Answer {
    int status = 200;
    std::string body;
    std::string type = "application/json";
    std::string headers = {};
    bool drop = false;
  };
  struct Code {
    std::string redirect_uri, challenge;
    std::vector<std::string> scopes;
    std::string tokens_of;  // an access token, once it was used
  };
  struct Device {
    std::string user_code;
    std::vector<std::string> scopes;
    std::optional<absl::Time> polled_at;
    int interval = 1;
    enum class Verdict { kNone, kApproved, kDenied } verdict = Verdict::kNone;
  };
  using Form = OAuthForm;

  void Serve(egress::Peer& peer);
  Answer Handle(const egress::ReceivedRequest& request);
  Answer Authorize(const Form& query);
  Answer Token(const egress::ReceivedRequest& request);
  Answer Grant(const std::string& grant_type, const Form& form);
  Answer GrantCode(const Form& form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer GrantDevice(const Form& form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer GrantRefresh(const Form& form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer GrantAssertion(const Form& form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer DeviceAuthorization(const egress::ReceivedRequest& request);
  Answer Revoke(const egress::ReceivedRequest& request);
  Answer Resource(const egress::ReceivedRequest& request);
  Answer Tokens(const IssuedTokens& tokens) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answer Error(std::string_view code, std::string_view description = "") const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Nothing when the client is who it says.
  std::optional<Answer> CheckClient(const egress::ReceivedRequest& request, Form& form)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CheckAssertion(const std::string& assertion, const std::string& public_key,
                      std::string_view issuer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Count(const std::string& what) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { ++counts_[what]; }
  std::string issuer() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  mutable absl::Mutex mutex_;
  ServerSwitches switches_ ABSL_GUARDED_BY(mutex_);
  std::function<void(const std::string&)> on_token_ ABSL_GUARDED_BY(mutex_);
  TokenFamilies families_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Code> codes_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Device> devices_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> seen_assertions_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> counts_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> urls_ ABSL_GUARDED_BY(mutex_);
  int at_once_ ABSL_GUARDED_BY(mutex_) = 0;
  int most_at_once_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<egress::ScriptServer> server_;  // last: its threads use what is above
};

}  // namespace penstock::connector::testing
