#include "libs/crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <climits>
#include <ctime>
#include <utility>

namespace penstock::crypto {
namespace {

constexpr int kMaxChain = 20;

bool ReadTime(const ASN1_TIME* asn1, absl::Time& time) {
  std::tm utc = {};
  if (ASN1_TIME_to_tm(asn1, &utc) != 1) return false;
  time = absl::FromTM(utc, absl::UTCTimeZone());
  return true;
}

int NoPassphrase(char*, int, int, void*) { return -1; }

}  // namespace

void Certificate::Free::operator()(x509_st* certificate) const { X509_free(certificate); }

absl::StatusOr<Certificate> Certificate::FromPem(std::string_view chain) {
  if (chain.size() > INT_MAX) return absl::InvalidArgumentError("is too long for a certificate");
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(
      BIO_new_mem_buf(chain.data(), static_cast<int>(chain.size())), BIO_free);
  Certificate first;
  int count = 0;
  for (; count <= kMaxChain; ++count) {
    Handle next(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
    if (next == nullptr) break;
    if (count == 0) first.handle_ = std::move(next);
  }
  // The end of the text looks like a PEM that does not begin; all else is something broken.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (count == 0) return absl::InvalidArgumentError("is not a certificate in PEM");
  if (!at_end) {
    return absl::InvalidArgumentError("is a chain of which not every certificate can be read");
  }
  if (!ReadTime(X509_get0_notBefore(first.handle_.get()), first.not_before_) ||
      !ReadTime(X509_get0_notAfter(first.handle_.get()), first.not_after_)) {
    return absl::InvalidArgumentError("is a certificate without readable dates");
  }
  return first;
}

bool Certificate::BelongsTo(const PrivateKey& key) const {
  const bool belongs = X509_check_private_key(handle_.get(), key.raw()) == 1;
  ERR_clear_error();
  return belongs;
}

}  // namespace penstock::crypto
