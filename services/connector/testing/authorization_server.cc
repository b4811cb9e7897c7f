#include "services/connector/testing/authorization_server.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "nlohmann/json.hpp"
#include "zlib.h"

namespace penstock::connector::testing {
namespace {

using Json = nlohmann::json;

std::string Random() { return crypto::Base64UrlEncode(crypto::RandomBytes(24)); }

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

std::vector<std::string> AuthorizationServer::issued_tokens() const {
  absl::MutexLock lock(&mutex_);
  return families_.Tokens();
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
