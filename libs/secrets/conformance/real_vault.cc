// A Vault or OpenBao that runs already, by its HTTP API: PENSTOCK_TEST_VAULT_ADDR and, of a token
// that may do everything, PENSTOCK_TEST_VAULT_TOKEN. PENSTOCK_TEST_VAULT_CACERT where it speaks
// TLS, PENSTOCK_TEST_VAULT_UNSEAL_KEY (one, with a threshold of one) where it may be sealed.
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "libs/curl/easy.h"
#include "libs/secrets/conformance/vault.h"
#include "libs/testing/check.h"

namespace penstock::secrets {
namespace {

using Json = nlohmann::json;
using testing::Fail;

constexpr absl::Duration kPatience = absl::Seconds(20);
// The server tells of nothing to wait for.
constexpr absl::Duration kPause = absl::Milliseconds(10);
std::string Needed(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') {
    Fail("find the Vault to ask",
         fmt::format("{} is not set; see docs/guides/secrets.md, \"Against a real Vault\"", name));
  }
  return value;
}

size_t AppendTo(char* data, size_t size, size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

std::string Seconds(absl::Duration duration) {
  return fmt::format("{}s", absl::ToInt64Seconds(duration));
}

class RealVault final : public Vault {
 public:
  RealVault() {
    transport_.address = Needed("PENSTOCK_TEST_VAULT_ADDR");
    root_token_ = Needed("PENSTOCK_TEST_VAULT_TOKEN");
    if (const char* ca_file = std::getenv("PENSTOCK_TEST_VAULT_CACERT")) {
      transport_.ca_file = ca_file;
    }
    Must("POST", "sys/mounts/" + kv_, {{"type", "kv"}, {"options", {{"version", "2"}}}});
    Must("POST", "sys/mounts/" + transit_, {{"type", "transit"}});
    Must("POST", "sys/auth/" + approle_, {{"type", "approle"}});
  }
  ~RealVault() override {
    for (const std::string& token : tokens_) Must("POST", "auth/token/revoke", {{"token", token}});
    Must("DELETE", "sys/auth/" + approle_);
    Must("DELETE", "sys/mounts/" + transit_);
    Must("DELETE", "sys/mounts/" + kv_);
    for (const std::string& policy : policies_) Must("DELETE", "sys/policies/acl/" + policy);
  }

  const vault::Transport::Options& transport() const override { return transport_; }
  const std::string& kv() const override { return kv_; }
  const std::string& transit() const override { return transit_; }
  const std::string& approle() const override { return approle_; }

  void Write(const std::string& path, const Json& data) override {
    // A new engine makes itself ready for versions in the background, and says 400 until it has.
    const absl::Time end = absl::Now() + kPatience;
    while (!Send("POST", kv_ + "/data/" + path, {{"data", data}}).ok) {
      if (absl::Now() > end) Fail("write a secret", path);
      absl::SleepFor(kPause);
    }
  }
  void DeleteLatest(const std::string& path) override { Must("DELETE", kv_ + "/data/" + path); }
  void DestroyLatest(const std::string& path) override {
    const Json metadata = Must("GET", kv_ + "/metadata/" + path);
    Must("POST", kv_ + "/destroy/" + path,
         {{"versions", {metadata["data"]["current_version"].get<int>()}}});
  }

  void RotateKey(const std::string& key) override {
    const std::string path = transit_ + "/keys/" + key;
    const bool is_there = Send("GET", path).ok;
    Must("POST", is_there ? path + "/rotate" : path,
         is_there ? Json::object() : Json{{"type", "aes256-gcm96"}});
  }
  void SetMinDecryptionVersion(const std::string& key, int version) override {
    Must("POST", transit_ + "/keys/" + key + "/config", {{"min_decryption_version", version}});
  }
  void DeleteKey(const std::string& key) override {
    Must("POST", transit_ + "/keys/" + key + "/config", {{"deletion_allowed", true}});
    Must("DELETE", transit_ + "/keys/" + key);
  }

  std::string MakeToken(const TokenRules& rules) override {
    const Json asked = {{"policies", {AddPolicy(rules)}},
                        {"no_default_policy", true},
                        {"renewable", rules.renewable},
                        {"ttl", Seconds(rules.ttl)},
                        {"explicit_max_ttl", Seconds(rules.max_ttl)}};
    const Json made = Must("POST", "auth/token/create", asked);
    tokens_.push_back(made["auth"]["client_token"].get<std::string>());
    return tokens_.back();
  }

  AppRole AddAppRole(const TokenRules& rules) override {
    const std::string policy = AddPolicy(rules);
    const std::string role = fmt::format("auth/{}/role/{}", approle_, policy);
    Must("POST", role,
         {{"token_policies", {policy}},
          {"token_no_default_policy", true},
          {"token_ttl", Seconds(rules.ttl)},
          {"token_max_ttl", Seconds(rules.max_ttl)},
          {"token_type", rules.renewable ? "service" : "batch"}});
    return {
        Must("GET", role + "/role-id")["data"]["role_id"].get<std::string>(),
        Must("POST", role + "/secret-id", Json::object())["data"]["secret_id"].get<std::string>()};
  }
  void RevokeLogins() override {
    Must("POST", fmt::format("sys/leases/revoke-prefix/auth/{}/login", approle_), {{"sync", true}});
  }

  void SetSealed(bool sealed) override {
    if (sealed) return (void)Must("POST", "sys/seal", Json::object());
    Must("POST", "sys/unseal", {{"key", Needed("PENSTOCK_TEST_VAULT_UNSEAL_KEY")}});
    // Unsealed is not yet active.
    const absl::Time end = absl::Now() + kPatience;
    while (!Send("GET", "sys/mounts").ok) {
      if (absl::Now() > end) Fail("unseal", transport_.address);
      absl::SleepFor(kPause);
    }
  }

 private:
  struct Answer {
    bool ok = false;
    std::string text;
  };

  // For tokens that have this one alone, and not Vault's default policy.
  std::string AddPolicy(const TokenRules& rules) {
    std::map<std::string, Json> allowed = {{"auth/token/lookup-self", {"read"}}};
    if (rules.may_renew) allowed["auth/token/renew-self"].push_back("update");
    for (const std::string& path : rules.may_read) allowed[path].push_back("read");
    for (const std::string& path : rules.may_update) allowed[path].push_back("update");
    for (const std::string& path : rules.may_create) allowed[path].push_back("create");
    std::string text;
    for (const auto& [path, capabilities] : allowed) {
      text += fmt::format("path \"{}\" {{ capabilities = {} }}\n", path, capabilities.dump());
    }
    policies_.push_back(fmt::format("{}-{}", name_, policies_.size()));
    Must("POST", "sys/policies/acl/" + policies_.back(), {{"policy", text}});
    return policies_.back();
  }

  Answer Send(const std::string& method, const std::string& path, const Json& body = nullptr) {
    Answer answer;
    const curl::Easy handle = curl::NewEasy(transport_.ca_file);
    curl::List headers;
    curl::Append(headers, "X-Vault-Token: " + root_token_);
    const std::string url = fmt::format("{}/v1/{}", transport_.address, path);
    const std::string text = body.is_null() ? "" : body.dump();
    if (!body.is_null()) curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, text.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, absl::ToInt64Milliseconds(kPatience));
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &AppendTo);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer.text);
    const CURLcode code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) Fail(url, curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.ok = status < 300;
    return answer;
  }

  Json Must(const std::string& method, const std::string& path, const Json& body = nullptr) {
    const Answer answer = Send(method, path, body);
    if (!answer.ok) Fail(method + " " + path, answer.text);
    return Json::parse(answer.text, nullptr, /*allow_exceptions=*/false);
  }

  const std::string name_ = "penstock-test-" + crypto::HexEncode(crypto::RandomBytes(4));
  const std::string kv_ = name_ + "/kv", transit_ = name_ + "/transit",
                    approle_ = name_ + "/approle";
  vault::Transport::Options transport_;
  std::string root_token_;
  std::vector<std::string> policies_, tokens_;
};

}  // namespace

std::unique_ptr<Vault> OpenVault(const testing::SimulatedClock&) {
  return std::make_unique<RealVault>();
}

}  // namespace penstock::secrets
