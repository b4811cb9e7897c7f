// The engines of the double: KV version 2 and transit.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "fmt/format.h"
#include "libs/crypto/aead.h"
#include "libs/crypto/encoding.h"
#include "libs/secrets/testing/fake_vault.h"
#include "libs/secrets/testing/fake_vault_answers.h"

namespace penstock::secrets {
namespace {

using Json = nlohmann::json;

constexpr char kCasMismatch[] = "check-and-set parameter did not match the current version";

bool Has(const std::vector<std::string>& paths, const std::string& path) {
  return std::ranges::find(paths, path) != paths.end();
}

}  // namespace

FakeVault::Answer FakeVault::UseSecret(const egress::ReceivedRequest& request, const Place& place,
                                       const Token& token) {
  const std::string& path = place.second;
  const bool reads = request.method == "GET";
  auto engine = FindMount(engines_, place.first, path);
  const std::string inside =
      engine == engines_.end() ? "" : path.substr(engine->first.second.size() + 1);
  const std::string name = inside.starts_with("data/") ? inside.substr(5) : "";
  const bool is_there = engine != engines_.end() && engine->second.contains(name);
  const std::vector<std::string>& allowed = reads      ? token.rules.may_read
                                            : is_there ? token.rules.may_update
                                                       : token.rules.may_create;
  if (reads) ++counts_.reads;
  if (!Has(allowed, path)) return {403, Errors({kPermissionDenied})};
  if (engine == engines_.end()) return {404, Errors({NoRoute(path)})};
  if (name.empty()) {
    return {404,
            {{"errors", Json::array()},
             {"warnings", {"Invalid path for a versioned K/V secrets engine."}}}};
  }
  if (!reads) return WriteSecret(request, engine->second[name]);
  return is_there ? ReadSecret(engine->second[name]) : Answer{404, Errors({})};
}

FakeVault::Answer FakeVault::ReadSecret(const std::vector<Version>& versions) {
  const Version& version = versions.back();
  const bool gone = version.deleted || version.destroyed;
  const Json metadata = {{"version", versions.size()},
                         {"created_time", "2026-01-02T03:04:05.678Z"},
                         {"deletion_time", version.deleted ? "2026-01-03T03:04:05.678Z" : ""},
                         {"destroyed", version.destroyed},
                         {"custom_metadata", nullptr}};
  return {gone ? 404 : 200,
          {{"data", {{"data", gone ? Json() : version.data}, {"metadata", metadata}}}}};
}

// options.cas is the number of the version that is replaced, 0 = there is none yet.
FakeVault::Answer FakeVault::WriteSecret(const egress::ReceivedRequest& request,
                                         std::vector<Version>& versions) {
  const Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return {400, Errors({"error parsing JSON"})};
  if (!body.contains("data")) return {400, Errors({"no data provided"})};
  const Json options = body.value("options", Json::object());
  if (options.contains("cas") && options["cas"] != versions.size()) {
    return {400, Errors({kCasMismatch})};
  }
  versions.push_back({body["data"]});
  return {200, {{"data", {{"version", versions.size()}, {"destroyed", false}}}}};
}

FakeVault::Answer FakeVault::UseTransitKey(const egress::ReceivedRequest& request,
                                           const Place& place, const Token& token) {
  const std::string& path = place.second;
  if (request.method != "POST" && request.method != "PUT") {
    return {405, Errors({kUnsupported})};
  }
  auto engine = FindMount(transit_, place.first, path);
  const std::string inside = path.substr(engine->first.second.size() + 1);
  const size_t slash = std::min(inside.find('/'), inside.size());
  const std::string verb = inside.substr(0, slash);
  const std::string name = slash < inside.size() ? inside.substr(slash + 1) : "";
  const bool is_there = engine->second.contains(name);
  // Encrypting with a key that is not there makes it, for those who may.
  const bool makes = verb == "encrypt" && !is_there;
  if (!Has(makes ? token.rules.may_create : token.rules.may_update, path)) {
    return {403, Errors({kPermissionDenied})};
  }
  if ((verb != "encrypt" && verb != "decrypt") || name.empty()) return {404, Errors({})};
  if (makes) {
    engine->second[name].versions.push_back(crypto::Secret::Random(crypto::kAeadKeyBytes));
  } else if (!is_there) {
    return {400, Errors({"encryption key not found"})};
  }
  const Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  const auto associated = crypto::Base64Decode(TextOf(body, "associated_data"));
  if (!body.is_object() || !associated) {
    return {400, Errors({"failed to base64-decode associated_data"})};
  }
  return verb == "encrypt" ? Encrypt(engine->second[name], body, *associated)
                           : Decrypt(engine->second[name], body, *associated);
}

FakeVault::Answer FakeVault::Encrypt(const TransitKey& key, const Json& body,
                                     const std::string& associated) {
  const auto plaintext = crypto::Base64Decode(TextOf(body, "plaintext"));
  if (!plaintext) return {400, Errors({"failed to base64-decode plaintext"})};
  ++counts_.encryptions;
  const std::string sealed =
      crypto::Base64Encode(crypto::AeadSeal(key.versions.back(), *plaintext, associated));
  return {200,
          {{"data",
            {{"ciphertext", fmt::format("vault:v{}:{}", key.versions.size(), sealed)},
             {"key_version", key.versions.size()}}}}};
}

FakeVault::Answer FakeVault::Decrypt(const TransitKey& key, const Json& body,
                                     const std::string& associated) {
  const std::string ciphertext = TextOf(body, "ciphertext");
  const size_t colon = ciphertext.find(':', 7);
  if (!ciphertext.starts_with("vault:v") || colon == std::string::npos) {
    return {400, Errors({"invalid ciphertext: no prefix"})};
  }
  const int version = std::atoi(ciphertext.c_str() + 7);
  const auto sealed = crypto::Base64Decode(ciphertext.substr(colon + 1));
  if (version < 1 || version > static_cast<int>(key.versions.size()) || !sealed) {
    return {400, Errors({"invalid ciphertext: version could not be decoded"})};
  }
  if (version < key.min_decryption_version) {
    return {400, Errors({"ciphertext or signature version is disallowed by policy (too old)"})};
  }
  const absl::StatusOr<crypto::Secret> plaintext =
      crypto::AeadOpen(key.versions[version - 1], *sealed, associated);
  if (!plaintext.ok()) return {400, Errors({"cipher: message authentication failed"})};
  ++counts_.decryptions;
  return {200, {{"data", {{"plaintext", crypto::Base64Encode(plaintext->Reveal())}}}}};
}

}  // namespace penstock::secrets
