#include "services/connector/testing/authorization_server.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "libs/crypto/ed25519.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/random.h"
#include "nlohmann/json.hpp"
#include "zlib.h"

namespace penstock::connector::testing {
namespace {

using Json = nlohmann::json;

constexpr char kDeviceGrant[] = "urn:ietf:params:oauth:grant-type:device_code";
constexpr char kJwtGrant[] = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr char kJwtAssertion[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

std::string Random() { return crypto::Base64UrlEncode(crypto::RandomBytes(24)); }

// Nothing for what is malformed or names a parameter twice, which RFC 6749 forbids.
std::optional<std::map<std::string, std::string>> ParseForm(std::string_view text) {
  const auto parameters = http::ParseQuery(text, 100);
  if (!parameters) return std::nullopt;
  std::map<std::string, std::string> form;
  for (const auto& [name, value] : *parameters) {
    if (!form.emplace(name, value).second) return std::nullopt;
  }
  return form;
}

std::optional<std::map<std::string, std::string>> ParseBody(
    const egress::ReceivedRequest& request) {
  const auto type = request.headers.find("content-type");
  if (type == request.headers.end()) return std::nullopt;
  if (type->second == "application/x-www-form-urlencoded") return ParseForm(request.body);
  if (type->second != "application/json") return std::nullopt;
  const Json json = Json::parse(request.body, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  std::map<std::string, std::string> form;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) return std::nullopt;
    form[name] = value.get<std::string>();
  }
  return form;
}

std::string Get(const std::map<std::string, std::string>& form, const std::string& name) {
  const auto at = form.find(name);
  return at == form.end() ? "" : at->second;
}

std::string HttpDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %E4Y %H:%M:%S GMT", time, absl::UTCTimeZone());
}

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = text.size();
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = out.size();
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  for (absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" ,"), absl::SkipEmpty()))
    words.emplace_back(word);
  return words;
}

}  // namespace

AuthorizationServer::AuthorizationServer(const Clock& clock) : clock_(clock) {
  server_ = std::make_unique<egress::ScriptServer>([this](egress::Peer& peer) { Serve(peer); });
}

AuthorizationServer::~AuthorizationServer() = default;

std::string AuthorizationServer::url(std::string_view path) const { return server_->url(path); }
int AuthorizationServer::port() const { return server_->port(); }

std::string AuthorizationServer::issuer() const {
  return switches_.issuer.empty() ? url("") : switches_.issuer;
}

std::string AuthorizationServer::ConnectorConfig(std::string_view more) const {
  absl::MutexLock lock(&mutex_);
  static constexpr const char* kAuths[] = {"basic", "post", "private_key_jwt", "none"};
  Json config = {{"client_id", switches_.client_id},
                 {"authorize_url", url("/authorize")},
                 {"token_url", url("/token")},
                 {"revoke_url", url("/revoke")},
                 {"device_url", url("/device_authorization")},
                 {"client_auth", kAuths[static_cast<int>(switches_.client_auth)]},
                 {"rotation", "single_use"}};
  config.merge_patch(Json::parse(more));
  return config.dump();
}

void AuthorizationServer::Set(const std::function<void(ServerSwitches&)>& change) {
  absl::MutexLock lock(&mutex_);
  change(switches_);
}

void AuthorizationServer::OnToken(std::function<void(const std::string&)> hook) {
  absl::MutexLock lock(&mutex_);
  on_token_ = std::move(hook);
}

void AuthorizationServer::Serve(egress::Peer& peer) {
  while (const auto request = peer.Read()) {
    Answer answer = Handle(*request);
    if (answer.drop) return;
    absl::Duration skew;
    bool gzip_bomb = false;
    {
      absl::MutexLock lock(&mutex_);
      skew = switches_.clock_skew;
      gzip_bomb = switches_.gzip_bomb && request->target == "/token";
      if (switches_.huge_answer && request->target == "/token")
        answer.body.insert(1, fmt::format("\"padding\":\"{}\",", std::string(1 << 20, 'x')));
    }
    std::string headers =
        fmt::format("Content-Type: {}\r\nCache-Control: no-store\r\nDate: {}\r\n{}", answer.type,
                    HttpDate(clock_.Now() + skew), answer.headers);
    if (gzip_bomb) {
      answer.body = Gzip(std::string(64 << 20, ' '));
      headers += "Content-Encoding: gzip\r\n";
    }
    if (!peer.Respond(answer.status, answer.body, headers)) return;
  }
}

AuthorizationServer::Answer AuthorizationServer::Handle(const egress::ReceivedRequest& request) {
  const size_t question = request.target.find('?');
  const std::string path = request.target.substr(0, question);
  {
    absl::MutexLock lock(&mutex_);
    urls_.push_back(request.target);
  }
  if (path == "/authorize" && request.method == "GET" && question != std::string::npos) {
    const auto query = ParseForm(std::string_view(request.target).substr(question + 1));
    if (query) return Authorize(*query);
  }
  if (path == "/token" && request.method == "POST") return Token(request);
  if (path == "/device_authorization" && request.method == "POST")
    return DeviceAuthorization(request);
  if (path == "/revoke") return Revoke(request);
  if (path == "/resource") return Resource(request);
  return {.status = 404, .body = "{}"};
}

AuthorizationServer::Answer AuthorizationServer::Error(std::string_view code,
                                                       std::string_view description) const {
  Json json = {{"error", code}};
  if (!description.empty()) json["error_description"] = description;
  const bool client = code == "invalid_client" && switches_.error_status != 200;
  return {.status = client ? 401 : switches_.error_status,
          .body = json.dump(),
          .headers = client ? "WWW-Authenticate: Basic realm=\"x\"\r\n" : ""};
}

AuthorizationServer::Answer AuthorizationServer::Authorize(const Form& query) {
  absl::MutexLock lock(&mutex_);
  // Never redirects to an address it does not know.
  if (Get(query, "client_id") != switches_.client_id ||
      Get(query, "redirect_uri") != switches_.redirect_uri)
    return {.status = 400, .body = "{}"};
  const std::string state = Get(query, "state");
  std::string back = "state=" + state;
  if (Get(query, "response_type") != "code" || state.size() < 32 || state.size() > 128 ||
      (switches_.pkce && (Get(query, "code_challenge_method") != "S256" ||
                          Get(query, "code_challenge").size() != 43))) {
    back += "&error=invalid_request";
  } else {
    const std::string code = "code-" + Random();
    codes_[code] = {.redirect_uri = switches_.redirect_uri,
                    .challenge = Get(query, "code_challenge"),
                    .scopes = switches_.grant_scopes.value_or(Words(Get(query, "scope")))};
    back += "&code=" + code;
  }
  if (switches_.send_iss) back += "&iss=" + issuer();
  return {.status = 302,
          .headers = fmt::format("Location: {}?{}\r\n", switches_.redirect_uri, back)};
}

std::optional<std::string> AuthorizationServer::Consent(const std::string& authorize_url) {
  const size_t question = authorize_url.find('?');
  if (question == std::string::npos || authorize_url.substr(0, question) != url("/authorize"))
    return std::nullopt;
  const auto query = ParseForm(std::string_view(authorize_url).substr(question + 1));
  if (!query) return std::nullopt;
  const Answer answer = Authorize(*query);
  if (answer.status != 302) return std::nullopt;
  const size_t back = answer.headers.find('?');
  return answer.headers.substr(back + 1, answer.headers.size() - back - 3);
}

bool AuthorizationServer::CheckAssertion(const std::string& assertion,
                                         const std::string& public_key, std::string_view issuer) {
  const std::vector<std::string> parts = absl::StrSplit(assertion, '.');
  if (parts.size() != 3) return false;
  const auto header = crypto::Base64UrlDecode(parts[0]),
             payload = crypto::Base64UrlDecode(parts[1]),
             signature = crypto::Base64UrlDecode(parts[2]);
  const auto key = crypto::Ed25519PublicKey::FromPem(public_key);
  if (!header || !payload || !signature || !key.ok() ||
      !key->Verify(parts[0] + "." + parts[1], *signature))
    return false;
  const Json claims = Json::parse(*payload, nullptr, false),
             head = Json::parse(*header, nullptr, false);
  if (!claims.is_object() || head.value("alg", "") != "EdDSA") return false;
  const int64_t now = absl::ToUnixSeconds(clock_.Now() + switches_.clock_skew);
  const int64_t iat = claims.value("iat", int64_t{0}), exp = claims.value("exp", int64_t{0});
  const bool in_time = iat <= now + 60 && exp > now - 60 && exp - iat <= 300;
  // Used once, as jti is for.
  return in_time && claims.value("aud", "") == url("/token") && claims.value("iss", "") == issuer &&
         !claims.value("jti", "").empty() &&
         seen_assertions_.insert(claims.value("jti", "") + parts[2]).second;
}

std::optional<AuthorizationServer::Answer> AuthorizationServer::CheckClient(
    const egress::ReceivedRequest& request, Form& form) {
  const auto header = request.headers.find("authorization");
  const bool basic = header != request.headers.end();
  const bool post = form.contains("client_secret");
  const bool assertion = form.contains("client_assertion");
  if (basic + post + assertion > 1) return Error("invalid_request");  // RFC 6749 2.3
  bool known = false;
  switch (switches_.client_auth) {
    case ServerClientAuth::kBasic: {
      if (!basic || !header->second.starts_with("Basic ")) break;
      const auto pair = crypto::Base64Decode(header->second.substr(6));
      if (!pair) break;
      const size_t colon = pair->find(':');
      if (colon == std::string::npos) break;
      const auto id = http::PercentDecode(pair->substr(0, colon)),
                 secret = http::PercentDecode(pair->substr(colon + 1));
      known = id == switches_.client_id && secret == switches_.client_secret;
      break;
    }
    case ServerClientAuth::kPost:
      known = post && Get(form, "client_id") == switches_.client_id &&
              Get(form, "client_secret") == switches_.client_secret;
      break;
    case ServerClientAuth::kPrivateKeyJwt:
      known = assertion && Get(form, "client_assertion_type") == kJwtAssertion &&
              CheckAssertion(Get(form, "client_assertion"), switches_.client_public_key,
                             switches_.client_id);
      break;
    case ServerClientAuth::kNone:
      known = !basic && !post && Get(form, "client_id") == switches_.client_id;
      break;
  }
  if (!known) return Error("invalid_client");
  return std::nullopt;
}

AuthorizationServer::Answer AuthorizationServer::Tokens(const IssuedTokens& tokens) const {
  if (switches_.form_encoded) {
    std::string body = fmt::format("access_token={}&token_type=bearer&scope={}",
                                   tokens.access_token, absl::StrJoin(tokens.scopes, "%2C"));
    if (!switches_.expires_in.empty()) body += "&expires_in=" + switches_.expires_in;
    if (!tokens.refresh_token.empty()) body += "&refresh_token=" + tokens.refresh_token;
    return {.body = body, .type = "application/x-www-form-urlencoded; charset=utf-8"};
  }
  Json json = {{"access_token", tokens.access_token},
               {"token_type", "BEARER"},
               {"scope", absl::StrJoin(tokens.scopes, " ")}};
  if (!switches_.expires_in.empty()) json["expires_in"] = Json::parse(switches_.expires_in);
  if (!tokens.refresh_token.empty()) json["refresh_token"] = tokens.refresh_token;
  if (switches_.nested) json = {{"ok", true}, {"authed_user", json}};
  return {.body = json.dump()};
}

AuthorizationServer::Answer AuthorizationServer::GrantCode(const Form& form) {
  const auto at = codes_.find(Get(form, "code"));
  if (at == codes_.end()) return Error("invalid_grant");
  Code& code = at->second;
  if (!code.tokens_of.empty()) {
    families_.Revoke(code.tokens_of);  // RFC 6749 4.1.2: shown twice, somebody else has it
    return Error("invalid_grant");
  }
  const std::string verifier = Get(form, "code_verifier");
  const bool proven = code.challenge.empty()
                          ? verifier.empty()
                          : verifier.size() >= 43 &&
                                crypto::Base64UrlEncode(crypto::Sha256(verifier)) == code.challenge;
  if (!proven || Get(form, "redirect_uri") != code.redirect_uri) return Error("invalid_grant");
  const IssuedTokens tokens = families_.Begin(code.scopes, true);
  code.tokens_of = tokens.access_token;
  return Tokens(tokens);
}

AuthorizationServer::Answer AuthorizationServer::GrantDevice(const Form& form) {
  const auto at = devices_.find(Get(form, "device_code"));
  if (at == devices_.end()) return Error("expired_token");
  Device& device = at->second;
  const absl::Time now = clock_.Now();
  const bool too_fast =
      device.polled_at &&
      now - *device.polled_at < absl::Seconds(device.interval) - absl::Milliseconds(50);
  device.polled_at = now;
  if (too_fast) device.interval += 5;
  if (too_fast) return Error("slow_down");
  if (device.verdict == Device::Verdict::kNone) return Error("authorization_pending");
  if (device.verdict == Device::Verdict::kDenied) return Error("access_denied");
  const std::vector<std::string> scopes = device.scopes;
  devices_.erase(at);
  return Tokens(families_.Begin(scopes, true));
}

AuthorizationServer::Answer AuthorizationServer::GrantRefresh(const Form& form) {
  if (!switches_.refresh_error.empty())
    return Error(switches_.refresh_error, switches_.refresh_error_description);
  std::optional<IssuedTokens> tokens =
      families_.Refresh(Get(form, "refresh_token"), switches_.rules, clock_.Now());
  if (!tokens)
    return Error("invalid_grant",
                 "token " + Get(form, "refresh_token") + " is no good");  // as careless servers do
  if (switches_.omit_refresh_token) tokens->refresh_token.clear();
  return Tokens(*tokens);
}

AuthorizationServer::Answer AuthorizationServer::GrantAssertion(const Form& form) {
  if (!CheckAssertion(Get(form, "assertion"), switches_.subject_public_key, switches_.client_id))
    return Error("invalid_grant");
  return Tokens(families_.Begin(Words(Get(form, "scope")), false));
}

AuthorizationServer::Answer AuthorizationServer::Grant(const std::string& grant_type,
                                                       const Form& form) {
  absl::MutexLock lock(&mutex_);
  if (grant_type == "authorization_code") return GrantCode(form);
  if (grant_type == "refresh_token") return GrantRefresh(form);
  if (grant_type == "client_credentials")
    return Tokens(
        families_.Begin(switches_.grant_scopes.value_or(Words(Get(form, "scope"))), false));
  if (grant_type == kDeviceGrant) return GrantDevice(form);
  if (grant_type == kJwtGrant) return GrantAssertion(form);
  return Error("unsupported_grant_type");
}

AuthorizationServer::Answer AuthorizationServer::Token(const egress::ReceivedRequest& request) {
  std::optional<Form> form = ParseBody(request);
  std::string grant_type;
  std::function<void(const std::string&)> hook;
  {
    absl::MutexLock lock(&mutex_);
    Count("token");
    if (!form) return Error("invalid_request");
    grant_type = Get(*form, "grant_type");
    Count(grant_type);
    if (switches_.rate_limited > 0) {
      --switches_.rate_limited;
      return {.status = 429,
              .body = "{}",
              .headers =
                  fmt::format("Retry-After: {}\r\n",
                              HttpDate(clock_.Now() + switches_.clock_skew + absl::Seconds(90)))};
    }
    if (switches_.unavailable > 0) {
      --switches_.unavailable;
      return {.status = 503, .body = "<html>down</html>", .type = "text/html"};
    }
    if (std::optional<Answer> refused = CheckClient(request, *form)) return *refused;
    most_at_once_ = std::max(most_at_once_, ++at_once_);
    hook = on_token_;
  }
  Answer answer = Grant(grant_type, *form);
  if (hook) hook(grant_type);
  absl::MutexLock lock(&mutex_);
  --at_once_;
  if (switches_.dropped > 0) {
    --switches_.dropped;
    answer.drop = true;
  }
  return answer;
}

AuthorizationServer::Answer AuthorizationServer::DeviceAuthorization(
    const egress::ReceivedRequest& request) {
  std::optional<Form> form = ParseBody(request);
  absl::MutexLock lock(&mutex_);
  Count("device_authorization");
  if (!form) return Error("invalid_request");
  if (std::optional<Answer> refused = CheckClient(request, *form)) return *refused;
  const std::string device_code = "device-" + Random(),
                    user_code = fmt::format("WDJB-{:04}", devices_.size());
  devices_[device_code] = {.user_code = user_code,
                           .scopes = Words(Get(*form, "scope")),
                           .interval = switches_.device_interval};
  return {.body = Json({{"device_code", device_code},
                        {"user_code", user_code},
                        {"verification_uri", switches_.verification_uri},
                        {"verification_uri_complete",
                         switches_.verification_uri + "?user_code=" + user_code},
                        {"expires_in", 600},
                        {"interval", switches_.device_interval}})
                      .dump()};
}

AuthorizationServer::Answer AuthorizationServer::Revoke(const egress::ReceivedRequest& request) {
  std::optional<Form> form = ParseBody(request);
  absl::MutexLock lock(&mutex_);
  Count("revoke");
  if (request.method != "POST" || !form)
    return {.status = 400, .body = "{\"error\":\"invalid_request\"}"};
  if (switches_.revoke_unavailable > 0) {
    --switches_.revoke_unavailable;
    return {.status = 503, .body = "{}", .headers = "Retry-After: 7\r\n"};
  }
  if (std::optional<Answer> refused = CheckClient(request, *form)) return *refused;
  families_.Revoke(Get(*form, "token"));
  return {.status = 200};  // for unknown tokens, too
}

AuthorizationServer::Answer AuthorizationServer::Resource(const egress::ReceivedRequest& request) {
  absl::MutexLock lock(&mutex_);
  Count("resource");
  const auto header = request.headers.find("authorization");
  const bool live = header != request.headers.end() && header->second.starts_with("Bearer ") &&
                    families_.IsLive(header->second.substr(7));
  return {.status = live ? 200 : 401, .body = "{}"};
}

bool AuthorizationServer::ApproveDevice(const std::string& user_code) {
  absl::MutexLock lock(&mutex_);
  for (auto& [code, device] : devices_) {
    if (device.user_code == user_code) return device.verdict = Device::Verdict::kApproved, true;
  }
  return false;
}

bool AuthorizationServer::DenyDevice(const std::string& user_code) {
  absl::MutexLock lock(&mutex_);
  for (auto& [code, device] : devices_) {
    if (device.user_code == user_code) return device.verdict = Device::Verdict::kDenied, true;
  }
  return false;
}

IssuedTokens AuthorizationServer::Issue(const std::vector<std::string>& scopes) {
  absl::MutexLock lock(&mutex_);
  return families_.Begin(scopes, true);
}

void AuthorizationServer::RevokeAll() {
  absl::MutexLock lock(&mutex_);
  families_.RevokeAll();
}

void AuthorizationServer::KillAccessToken(const std::string& token) {
  absl::MutexLock lock(&mutex_);
  families_.KillAccessToken(token);
}

bool AuthorizationServer::IsLive(const std::string& access_token) const {
  absl::MutexLock lock(&mutex_);
  return families_.IsLive(access_token);
}

bool AuthorizationServer::IsLiveRefreshToken(const std::string& refresh_token) const {
  absl::MutexLock lock(&mutex_);
  return families_.IsLiveRefreshToken(refresh_token, switches_.rules, clock_.Now());
}

int AuthorizationServer::reuses() const {
  absl::MutexLock lock(&mutex_);
  return families_.reuses();
}

int AuthorizationServer::most_at_once() const {
  absl::MutexLock lock(&mutex_);
  return most_at_once_;
}

int AuthorizationServer::Counted(const std::string& what) const {
  absl::MutexLock lock(&mutex_);
  const auto at = counts_.find(what);
  return at == counts_.end() ? 0 : at->second;
}

void AuthorizationServer::AwaitCount(const std::string& what, int count) const {
  auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const auto at = counts_.find(what);
    return at != counts_.end() && at->second >= count;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&reached));
}

bool AuthorizationServer::SawInUrl(std::string_view text) const {
  absl::MutexLock lock(&mutex_);
  return std::any_of(urls_.begin(), urls_.end(),
                     [&](const std::string& url) { return url.find(text) != std::string::npos; });
}

}  // namespace penstock::connector::testing
