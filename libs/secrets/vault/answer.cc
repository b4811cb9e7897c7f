#include "libs/secrets/vault/answer.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/crypto/secret.h"

namespace penstock::secrets::vault {
namespace {

constexpr size_t kMaxWords = 200;

}  // namespace

bool MayPass(int status) { return !Meaning(status).empty(); }

std::string_view Meaning(int status) {
  switch (status) {
    case 307:
      // Not followed: the token would go where an answer says.
      return "a standby that names another node, which VAULT_ADDR must reach";
    case 412:
      return "behind its leader";
    case 429:
      return "a standby, or over a limit of requests";
    case 472:
      return "a standby for disasters";
    case 473:
      return "a standby for reading";
    case 500:
      return "failing by itself";
    case 502:
    case 504:
      return "not reached by the proxy in front of it";
    case 503:
      return "sealed, or down for maintenance";
    default:
      return "";
  }
}

void Hush(Reply& reply, const std::vector<std::string_view>& credentials) {
  if (!reply.body.is_object() || !reply.body.contains("errors")) return;
  for (nlohmann::json& error : reply.body["errors"]) {
    if (!error.is_string()) continue;
    std::string& text = error.get_ref<std::string&>();
    const bool repeats = std::ranges::any_of(credentials, [&](std::string_view credential) {
      return !credential.empty() && text.find(credential) != std::string::npos;
    });
    if (repeats) crypto::Wipe(text);
  }
}

std::string Words(const Reply& reply) {
  std::string words;
  if (!reply.body.is_object() || !reply.body.contains("errors")) return words;
  for (const nlohmann::json& error : reply.body["errors"]) {
    if (!error.is_string() || error.get_ref<const std::string&>().empty()) continue;
    if (!words.empty()) words += "; ";
    words += error.get_ref<const std::string&>();
  }
  words.resize(std::min(words.size(), kMaxWords));
  for (char& c : words) {
    if (c < ' ' || c > '~') c = ' ';
  }
  return words;
}

std::string Describe(const Reply& reply) {
  const std::string words = Words(reply);
  return words.empty() ? fmt::format("{}", reply.status)
                       : fmt::format("{}: {}", reply.status, words);
}

}  // namespace penstock::secrets::vault
