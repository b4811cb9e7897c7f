#include "services/workflow_engine/ingress/signature.h"

#include <charconv>

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {
namespace {

absl::Status Refused(std::string_view reason, std::string message) {
  return WithReason(absl::UnauthenticatedError(std::move(message)), reason);
}

// Calls `matches` with the key bytes of each named secret until one fits.
absl::Status TrySecrets(const SignatureRule& rule, const SecretLookup& secret, bool standard,
                        const std::function<bool(std::string_view key)>& matches) {
  bool any = false;
  for (const std::string& name : rule.secrets) {
    std::optional<std::string_view> value = secret(name);
    if (!value) continue;
    any = true;
    constexpr std::string_view kPrefix = "whsec_";
    if (!standard) {
      if (matches(*value)) return absl::OkStatus();
      continue;
    }
    std::string_view encoded = value->starts_with(kPrefix) ? value->substr(kPrefix.size()) : *value;
    std::optional<std::string> key = crypto::Base64Decode(encoded);
    if (key && matches(*key)) return absl::OkStatus();
  }
  if (!any) return Refused("SECRET_MISSING", "the trigger's signing secret does not exist");
  return Refused("SIGNATURE_MISMATCH", "the signature does not fit the delivery");
}

absl::Status VerifyStandard(const SignatureRule& rule, const HeaderLookup& header, std::string_view body, const SecretLookup& secret,
                            absl::Time now) {
  auto id = header("webhook-id"), timestamp = header("webhook-timestamp"), signatures = header("webhook-signature");
  if (!id || !timestamp || !signatures) {
    return Refused("SIGNATURE_MISSING", "webhook-id, webhook-timestamp and webhook-signature are required");
  }
  int64_t seconds = 0;
  auto [end, error] = std::from_chars(timestamp->data(), timestamp->data() + timestamp->size(), seconds);
  if (error != std::errc() || end != timestamp->data() + timestamp->size()) {
    return Refused("SIGNATURE_MISSING", "webhook-timestamp must be seconds since 1970");
  }
  absl::Duration age = now - absl::FromUnixSeconds(seconds);
  if (age > rule.tolerance || age < -rule.tolerance) {
    return Refused("SIGNATURE_EXPIRED", "webhook-timestamp is too far from now");
  }
  std::string text;
  text.reserve(id->size() + timestamp->size() + body.size() + 2);
  text.append(*id).append(".").append(*timestamp).append(".").append(body);
  return TrySecrets(rule, secret, true, [&](std::string_view key) {
    std::string expected = crypto::HmacSha256(key, text);
    bool fits = false;
    for (size_t begin = 0; begin < signatures->size();) {
      size_t space = std::min(signatures->find(' ', begin), signatures->size());
      std::string_view one = signatures->substr(begin, space - begin);
      begin = space + 1;
      if (!one.starts_with("v1,")) continue;
      std::optional<std::string> given = crypto::Base64Decode(one.substr(3));
      fits |= given && crypto::ConstantTimeEqual(*given, expected);
    }
    return fits;
  });
}

absl::Status VerifyHmac(const SignatureRule& rule, const HeaderLookup& header, std::string_view body, const SecretLookup& secret) {
  std::optional<std::string_view> value = header(rule.header);
  if (!value || !value->starts_with(rule.prefix)) {
    return Refused("SIGNATURE_MISSING", "header '" + rule.header + "' with the signature is required");
  }
  std::string_view encoded = value->substr(rule.prefix.size());
  std::optional<std::string> given = rule.base64 ? crypto::Base64Decode(encoded) : crypto::HexDecode(encoded);
  if (!given) return Refused("SIGNATURE_MISMATCH", "the signature is not encoded as the trigger says");
  return TrySecrets(rule, secret, false,
                    [&](std::string_view key) { return crypto::ConstantTimeEqual(*given, crypto::HmacSha256(key, body)); });
}

}  // namespace

absl::Status VerifySignature(const SignatureRule& rule, const HeaderLookup& header, std::string_view body, const SecretLookup& secret,
                             absl::Time now) {
  return rule.scheme == SignatureRule::Scheme::kStandardWebhooks ? VerifyStandard(rule, header, body, secret, now)
                                                                 : VerifyHmac(rule, header, body, secret);
}

}  // namespace penstock::workflow_engine
