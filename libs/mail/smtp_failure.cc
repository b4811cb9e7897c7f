#include "libs/mail/smtp_failure.h"

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/mail/mailer.h"
#include "libs/status/details.h"

namespace penstock::mail {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// What no later try can change: somebody has to set something right.
bool IsForGood(CURLcode code, long reply_code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_ABORTED_BY_CALLBACK:  // by us, for taking too long
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return false;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_USE_SSL_FAILED:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
      return true;
    case CURLE_LOGIN_DENIED:
      return reply_code / 100 != 4;
    default:
      return reply_code / 100 == 5;
  }
}

}  // namespace

std::string RefusalIn(std::string_view line) {
  const bool refuses = line.size() >= 3 && (line[0] == '4' || line[0] == '5') && IsDigit(line[1]) &&
                       IsDigit(line[2]);
  if (!refuses) return "";
  std::string refusal(line.substr(0, 3));
  const std::string_view rest = line.size() > 4 ? line.substr(4) : "";
  const std::string_view word = rest.substr(0, rest.find_first_not_of("0123456789."));
  const bool enhanced =
      word.size() >= 5 && word.size() <= 9 && word[0] == line[0] && word[1] == '.';
  if (enhanced) refusal += fmt::format(" {}", word);
  return refusal;
}

absl::Status FailureOf(CURLcode code, std::string_view text, long reply_code,
                       const std::string& refusal) {
  const bool for_good = IsForGood(code, reply_code);
  std::string message(for_good ? "the mail server refuses the message"
                               : "the mail server can't take the message now");
  if (code == CURLE_USE_SSL_FAILED) message = "the mail server offers no TLS, and TLS is required";
  if (code == CURLE_LOGIN_DENIED) message = "the mail server refuses user and password";
  message += fmt::format(": {}", text.empty() ? std::string_view(curl_easy_strerror(code)) : text);
  if (!refusal.empty()) message += fmt::format(" ({})", refusal);
  return WithReason(
      for_good ? absl::FailedPreconditionError(message) : absl::UnavailableError(message),
      for_good ? kRefused : kUnavailable, {{"smtp", refusal}});
}

}  // namespace penstock::mail
