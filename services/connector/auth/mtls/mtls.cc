#include "services/connector/auth/mtls/mtls.h"

#include <string>
#include <utility>

#include "libs/crypto/certificate.h"
#include "libs/crypto/private_key.h"
#include "libs/status/macros.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/mtls/schema.h"

namespace penstock::connector {
namespace {

absl::Status Invalid(std::string_view field, const absl::Status& why) {
  return InvalidCredential(field, {why.message().data(), why.message().size()});
}

absl::Status OutOfDate(std::string_view what, absl::Time when) {
  const std::string date = absl::FormatTime(absl::RFC3339_sec, when, absl::UTCTimeZone());
  return WithReason(
      absl::FailedPreconditionError("the certificate " + std::string(what) + " " + date),
      "CREDENTIAL_EXPIRED", {{"field", "certificate"}, {"date", date}});
}

// Whether the certificate is good now and belongs to the key.
absl::Status CheckPair(std::string_view chain, std::string_view pem, absl::Time now) {
  const auto certificate = crypto::Certificate::FromPem(chain);
  if (!certificate.ok()) return Invalid("certificate", certificate.status());
  const auto key = crypto::PrivateKey::FromPem(pem);
  if (!key.ok()) return Invalid("private_key", key.status());
  if (!certificate->BelongsTo(*key)) {
    return InvalidCredential("private_key", "is not the key of the certificate");
  }
  if (now >= certificate->not_after()) return OutOfDate("expired", certificate->not_after());
  if (now < certificate->not_before()) {
    return OutOfDate("is not valid before", certificate->not_before());
  }
  return absl::OkStatus();
}

class MtlsStrategy final : public DescribedStrategy {
 public:
  MtlsStrategy()
      : DescribedStrategy("mtls", "Shows a client certificate when the connection is made.",
                          mtls::kConfigSchema) {}

  std::vector<SecretField> secret_fields(const Json&) const override {
    return {{"certificate", "PEM: the client's certificate, then those that lead to its root."},
            {"private_key", "PEM: the certificate's key, without a passphrase."}};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    ASSIGN_OR_RETURN(const std::string_view chain, inputs.credentials.Get("certificate"));
    ASSIGN_OR_RETURN(const std::string_view key, inputs.credentials.Get("private_key"));
    if (inputs.writing == Writing::kSent) {
      RETURN_IF_ERROR(CheckPair(chain, key, inputs.now));
    }
    request.client_identity = std::make_shared<const egress::ClientIdentity>(
        egress::ClientIdentity{std::string(chain), crypto::Secret(key)});
    return absl::OkStatus();
  }

  absl::Status Examine(const AuthInputs& inputs) const override {
    ASSIGN_OR_RETURN(const std::string_view chain, inputs.credentials.Get("certificate"));
    ASSIGN_OR_RETURN(const std::string_view key, inputs.credentials.Get("private_key"));
    return CheckPair(chain, key, inputs.now);
  }

  std::optional<absl::Time> ExpiryOf(std::string_view field,
                                     std::string_view value) const override {
    if (field != "certificate") return std::nullopt;
    const auto certificate = crypto::Certificate::FromPem(value);
    if (!certificate.ok()) return std::nullopt;
    return certificate->not_after();
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeMtlsStrategy() { return std::make_unique<MtlsStrategy>(); }

}  // namespace penstock::connector
