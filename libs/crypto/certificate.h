// Certificates that we show to others (mutual TLS), by OpenSSL. Whom to trust is libs/egress's.
#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/crypto/private_key.h"

struct x509_st;

namespace penstock::crypto {

class Certificate {
 public:
  // The first of a chain in PEM, whose other certificates must be readable too. INVALID_ARGUMENT
  // never holds any of the text.
  static absl::StatusOr<Certificate> FromPem(std::string_view chain);

  bool BelongsTo(const PrivateKey& key) const;
  absl::Time not_before() const { return not_before_; }
  absl::Time not_after() const { return not_after_; }

 private:
  struct Free {
    void operator()(x509_st* certificate) const;
  };
  using Handle = std::unique_ptr<x509_st, Free>;
  Certificate() = default;

  Handle handle_;
  absl::Time not_before_;
  absl::Time not_after_;
};

}  // namespace penstock::crypto
