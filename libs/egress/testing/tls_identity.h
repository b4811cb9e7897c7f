// A fresh self-signed certificate for localhost and 127.0.0.1, valid for an hour.
#pragma once

#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace penstock::egress {

class TlsIdentity {
 public:
  TlsIdentity();
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  // For a client that shall trust it.
  const std::string& certificate_file() const { return certificate_file_; }
  std::string certificate_pem() const;
  std::string private_key_pem() const;

  // As a server: takes no connection from now on whose client does not show `client`'s certificate.
  void RequireClient(const TlsIdentity& client);
  // As a server: offers HTTP/2 and nothing else from now on.
  void OfferHttp2();
  // Refuses anything newer than TLS 1.1 from now on.
  void SpeakOnlyOldVersions();
  ssl_ctx_st* context() const { return context_; }

 private:
  ssl_ctx_st* context_;
  std::string certificate_file_;
};

}  // namespace penstock::egress
