#include "libs/egress/failure_of.h"

namespace penstock::egress {
namespace {

std::string_view TypeOf(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return failure::kBadUrl;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return failure::kConnectFailed;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
      return failure::kTlsFailed;
    case CURLE_OPERATION_TIMEDOUT:
      return failure::kTimeout;
    case CURLE_FILESIZE_EXCEEDED:
      return failure::kTooLarge;
    default:
      return failure::kBadResponse;
  }
}

}  // namespace

HttpFailure FailureOf(CURLcode code, std::string_view text) {
  return Failure(TypeOf(code), text.empty() ? std::string_view(curl_easy_strerror(code)) : text);
}

}  // namespace penstock::egress
