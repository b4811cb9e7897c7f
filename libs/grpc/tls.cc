#include "libs/grpc/tls.h"

#include "libs/crypto/secret.h"
#include "libs/status/macros.h"

namespace penstock::rpc {
namespace {

// gRPC keeps a plain copy of the key in any case.
absl::StatusOr<std::string> ReadPem(const std::string& path) {
  if (path.empty()) return std::string();
  ASSIGN_OR_RETURN(crypto::Secret contents, crypto::ReadSecretFile(path));
  return std::string(contents.Reveal());
}

absl::Status CheckPair(const TlsFiles& files) {
  if (files.certificate.empty() == files.key.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("TLS certificate and key go together");
}

}  // namespace

absl::StatusOr<std::shared_ptr<::grpc::ServerCredentials>> ServerCredentialsFrom(
    const TlsFiles& files) {
  RETURN_IF_ERROR(CheckPair(files));
  if (files.certificate.empty()) {
    if (!files.ca.empty()) {
      return absl::InvalidArgumentError("a client CA needs a TLS certificate and key");
    }
    return ::grpc::InsecureServerCredentials();
  }
  ::grpc::SslServerCredentialsOptions options(
      files.ca.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                       : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  ::grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  ASSIGN_OR_RETURN(pair.private_key, ReadPem(files.key));
  ASSIGN_OR_RETURN(pair.cert_chain, ReadPem(files.certificate));
  ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(files.ca));
  options.pem_key_cert_pairs.push_back(std::move(pair));
  return ::grpc::SslServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<::grpc::ChannelCredentials>> ChannelCredentialsFrom(
    const TlsFiles& files) {
  RETURN_IF_ERROR(CheckPair(files));
  if (files.ca.empty()) {
    if (!files.certificate.empty()) {
      return absl::InvalidArgumentError("a client certificate needs the CA of the server");
    }
    return ::grpc::InsecureChannelCredentials();
  }
  ::grpc::SslCredentialsOptions options;
  ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(files.ca));
  ASSIGN_OR_RETURN(options.pem_cert_chain, ReadPem(files.certificate));
  ASSIGN_OR_RETURN(options.pem_private_key, ReadPem(files.key));
  return ::grpc::SslCredentials(options);
}

}  // namespace penstock::rpc
