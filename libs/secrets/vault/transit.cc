#include "libs/secrets/vault/transit.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/secrets/vault/answer.h"
#include "libs/status/macros.h"

namespace penstock::secrets::vault {
namespace {

constexpr std::string_view kPrefix = "vault:v";

// JSON by hand, as base64 needs no escapes: so that no copy of it is left in a document.
crypto::Secret EncryptBody(const crypto::Secret& base64, std::string_view associated) {
  std::string body = fmt::format(R"({{"plaintext":"{}","associated_data":"{}"}})", base64.Reveal(),
                                 crypto::Base64Encode(associated));
  crypto::Secret secret(body);
  crypto::Wipe(body);
  return secret;
}

// Letters, digits and what base64 and the version have, so that it may stand in JSON as it is.
bool IsCiphertext(std::string_view text) {
  if (!text.starts_with(kPrefix)) return false;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=' || c == ':';
    if (!is_plain) return false;
  }
  return true;
}

// A text of the answer's data, or null.
std::string* TextOf(Reply& reply, const char* name) {
  if (!reply.body.is_object()) return nullptr;
  auto data = reply.body.find("data");
  if (data == reply.body.end() || !data->is_object()) return nullptr;
  auto text = data->find(name);
  return text == data->end() || !text->is_string() ? nullptr : &text->get_ref<std::string&>();
}

}  // namespace

Transit::Transit(std::unique_ptr<Session> session, std::string mount, std::string key,
                 std::string name_space)
    : session_(std::move(session)),
      mount_(std::move(mount)),
      key_(std::move(key)),
      name_space_(std::move(name_space)) {}

absl::StatusOr<Reply> Transit::Ask(std::string_view verb, const crypto::Secret& body,
                                   std::string_view hushed) const {
  const std::string path = fmt::format("{}/{}/{}", mount_, verb, key_);
  ASSIGN_OR_RETURN(Reply reply, session_->Post(path, name_space_, body));
  Hush(reply, {hushed});
  if (reply.status == 200) return reply;
  // Also for a key that is not there: encrypt would make one, and the policy must not let it.
  if (reply.status == 403 || reply.status == 404) {
    return absl::PermissionDeniedError(
        fmt::format("Vault lets us not use {} ({}): the key must exist and the policy give update "
                    "on this path",
                    path, Describe(reply)));
  }
  if (reply.status == 400) {
    return absl::DataLossError(fmt::format("Vault answers {} for {}", Describe(reply), path));
  }
  return absl::FailedPreconditionError(
      fmt::format("Vault answers {} for {}", Describe(reply), path));
}

absl::StatusOr<std::string> Transit::Encrypt(const crypto::Secret& plaintext,
                                             std::string_view associated) const {
  std::string text_of_plaintext = crypto::Base64Encode(plaintext.Reveal());
  const crypto::Secret base64(text_of_plaintext);
  crypto::Wipe(text_of_plaintext);
  absl::StatusOr<Reply> reply = Ask("encrypt", EncryptBody(base64, associated), base64.Reveal());
  if (absl::IsDataLoss(reply.status())) {  // there is no data to lose yet
    return absl::FailedPreconditionError(std::string(reply.status().message()));
  }
  RETURN_IF_ERROR(reply.status());
  const std::string* text = TextOf(*reply, "ciphertext");
  if (text != nullptr && IsCiphertext(*text)) return *text;
  return absl::FailedPreconditionError(
      fmt::format("what Vault answers for {}/encrypt/{} is no ciphertext", mount_, key_));
}

absl::StatusOr<crypto::Secret> Transit::Decrypt(std::string_view ciphertext,
                                                std::string_view associated) const {
  if (!IsCiphertext(ciphertext)) return absl::DataLossError("not a ciphertext of Vault's");
  const crypto::Secret body(fmt::format(R"({{"ciphertext":"{}","associated_data":"{}"}})",
                                        ciphertext, crypto::Base64Encode(associated)));
  ASSIGN_OR_RETURN(Reply reply, Ask("decrypt", body, ""));
  std::string* text = TextOf(reply, "plaintext");
  std::optional<std::string> bytes;
  if (text != nullptr) bytes = crypto::Base64Decode(*text);
  if (!bytes) {
    return absl::FailedPreconditionError(
        fmt::format("what Vault answers for {}/decrypt/{} is no plaintext", mount_, key_));
  }
  crypto::Secret plaintext(*bytes);
  crypto::Wipe(*bytes);
  return plaintext;
}

}  // namespace penstock::secrets::vault
