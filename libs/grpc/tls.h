// Certificates and keys as gRPC takes them, read from PEM files at start. A renewed certificate
// takes a restart.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace penstock::rpc {

// PEM files; all empty = plaintext. A server needs certificate and key; with a CA its clients must
// show a certificate of it (mTLS). A client needs the CA of its server; with certificate and key it
// shows them.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

absl::StatusOr<std::shared_ptr<::grpc::ServerCredentials>> ServerCredentialsFrom(
    const TlsFiles& files);
absl::StatusOr<std::shared_ptr<::grpc::ChannelCredentials>> ChannelCredentialsFrom(
    const TlsFiles& files);

}  // namespace penstock::rpc
