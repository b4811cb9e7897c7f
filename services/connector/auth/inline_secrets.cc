#include "services/connector/auth/inline_secrets.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "re2/re2.h"

namespace penstock::connector {
namespace {

using Json = nlohmann::json;

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

// "client_secret", "X-Api-Key", "refreshToken"; not "token_url", "key_id", "pkce".
bool IsCalledLikeASecret(std::string_view name) {
  static const RE2& form = *new RE2(
      "(?i)(?:.*[^a-z])?(?:password|passwd|passphrase|secret|token|credentials?|authorization|"
      "(?:api|auth|access|secret|private|signing|encryption|account|shared|master|service)[-_ ]?"
      "key|secret[-_ ]?access[-_ ]?key)(?:[-_ ]?value)?");
  // In camel case a word begins with a capital.
  static const RE2& camel = *new RE2(
      ".*[a-z](?:Password|Passphrase|Secret|Token|Credentials?|(?:Api|Access|Private|Secret)Key)");
  return RE2::FullMatch(Piece(name), form) || RE2::FullMatch(Piece(name), camel);
}

bool HasPlaceholder(std::string_view text) {
  return text.find("{{secret.") != std::string_view::npos;
}

// Forms that vendors give their keys so that they can be found.
bool LooksLikeASecret(std::string_view text) {
  static const RE2& form = *new RE2(
      "-----BEGIN [A-Z ]*PRIVATE KEY-----"
      "|\\b(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{10}"
      "|\\bsk-[0-9A-Za-z_-]{20}"
      "|\\bgh[opusr]_[0-9A-Za-z]{30}|\\bgithub_pat_[0-9A-Za-z_]{30}|\\bglpat-[0-9A-Za-z_-]{16}"
      "|\\bxox[abeoprs]-[0-9A-Za-z-]{10}|\\bxapp-[0-9A-Za-z-]{10}"
      "|\\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{20}"
      "|\\bAIza[0-9A-Za-z_-]{35}|\\bya29\\.[0-9A-Za-z_-]{20}|\\bGOCSPX-[0-9A-Za-z_-]{20}"
      "|\\bA(?:KIA|SIA)[0-9A-Z]{16}\\b"
      "|\\bSG\\.[0-9A-Za-z_-]{16,}\\.[0-9A-Za-z_-]{16}"
      "|\\bdop_v1_[0-9a-f]{32}|\\bnpm_[0-9A-Za-z]{30}|\\bhf_[0-9A-Za-z]{30}"
      "|\\bpat-(?:na|eu)[0-9]-[0-9a-f-]{30}|\\bATATT3[0-9A-Za-z_=-]{30}|\\blin_api_[0-9A-Za-z]{20}"
      "|\\beyJ[0-9A-Za-z_-]{8,}\\.eyJ[0-9A-Za-z_-]{8,}\\.[0-9A-Za-z_-]{8}");
  return RE2::PartialMatch(Piece(text), form);
}

// https://user:password@host or ...?access_token=...
bool IsUrlWithASecret(std::string_view text) {
  static const RE2& user_info = *new RE2("^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*@");
  if (RE2::PartialMatch(Piece(text), user_info)) return true;
  if (text.find("://") == text.npos || text.find('?') == text.npos) return false;
  std::string_view rest = text.substr(text.find('?') + 1);
  while (!rest.empty()) {
    const std::string_view parameter = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), parameter.size() + 1));
    const size_t equals = parameter.find('=');
    if (equals == parameter.npos || equals + 1 == parameter.size()) continue;
    if (!HasPlaceholder(parameter) && IsCalledLikeASecret(parameter.substr(0, equals))) return true;
  }
  return false;
}

class Search {
 public:
  explicit Search(std::vector<FieldViolation>& wrong) : wrong_(wrong) {}

  void Visit(const Json& value, const std::string& at, std::string_view name) {
    if (value.is_object()) {
      for (const auto& [key, member] : value.items()) {
        Visit(member, at.empty() ? key : fmt::format("{}.{}", at, key), key);
      }
    } else if (value.is_array()) {
      for (size_t i = 0; i < value.size(); ++i) Visit(value[i], fmt::format("{}[{}]", at, i), name);
    } else if (value.is_string()) {
      VisitText(value.get_ref<const std::string&>(), at, name);
    } else if (value.is_number() && IsCalledLikeASecret(name)) {
      Refuse(at);
    }
  }

 private:
  void VisitText(const std::string& text, const std::string& at, std::string_view name) {
    if (text.empty()) return;
    if (LooksLikeASecret(text) || IsUrlWithASecret(text)) {
      Refuse(at);
    } else if (IsCalledLikeASecret(name) && !HasPlaceholder(text)) {
      Refuse(at);
    }
  }

  void Refuse(const std::string& at) {
    wrong_.push_back({at,
                      "looks like a secret; secrets are given as such and kept sealed, and a "
                      "config says where they go: {{secret.NAME}}"});
  }

  std::vector<FieldViolation>& wrong_;
};

}  // namespace

void CheckNoInlineSecrets(const Json& config, std::vector<FieldViolation>& wrong) {
  Search(wrong).Visit(config, "", "");
}

}  // namespace penstock::connector
