#include "libs/mail/smtp_mailer.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/curl/easy.h"
#include "libs/mail/compose.h"
#include "libs/mail/smtp_failure.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::mail {
namespace {

constexpr std::string_view kSmtp = "smtp://";
constexpr std::string_view kSmtps = "smtps://";

// What libcurl reads from and tells while one message goes out.
struct Outgoing {
  std::string_view unread;
  absl::Time deadline;  // of real waiting
  std::string refusal = "";
};

size_t GiveBytes(char* data, size_t size, size_t count, void* from) {
  auto& outgoing = *static_cast<Outgoing*>(from);
  const size_t given = outgoing.unread.copy(data, size * count);
  outgoing.unread.remove_prefix(given);
  return given;
}

size_t TakeReply(char* data, size_t size, size_t count, void* to) {
  const std::string refusal = RefusalIn({data, size * count});
  if (!refusal.empty()) static_cast<Outgoing*>(to)->refusal = refusal;
  return size * count;
}

// libcurl's own time-out does not hold for taking leave of a server that says nothing any more.
int IsOverdue(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return absl::Now() >= static_cast<Outgoing*>(of)->deadline ? 1 : 0;
}

long Milliseconds(absl::Duration duration) {
  return std::max<int64_t>(1, absl::ToInt64Milliseconds(duration));
}

class SmtpMailer final : public Mailer {
 public:
  SmtpMailer(Address from, SmtpOptions options, const Clock& clock)
      : from_(std::move(from)), options_(std::move(options)), clock_(clock) {}

  absl::Status Send(const Message& message) override {
    ASSIGN_OR_RETURN(const Composed composed, Compose(message, from_, clock_.Now()));
    Outgoing outgoing{.unread = composed.bytes, .deadline = absl::Now() + options_.timeout};
    char error_text[CURL_ERROR_SIZE] = "";
    curl::List recipients;
    curl::Append(recipients, fmt::format("<{}>", message.to.email));
    const std::string sender = fmt::format("<{}>", from_.email);

    curl::Easy handle = curl::NewEasy(options_.ca_file);
    CURL* easy = handle.get();
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(
        easy, CURLOPT_USE_SSL,
        static_cast<long>(options_.start_tls == StartTls::kRequired ? CURLUSESSL_ALL
                                                                    : CURLUSESSL_NONE));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, Milliseconds(options_.connect_timeout));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, Milliseconds(options_.timeout));
    // Kept for a next message, the connection would be left by a handle without our limits.
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &IsOverdue);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &outgoing);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, sender.c_str());
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &GiveBytes);
    curl_easy_setopt(easy, CURLOPT_READDATA, &outgoing);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &TakeReply);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &outgoing);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text);
    SetUser(easy);
    const CURLcode code = curl_easy_perform(easy);
    if (code == CURLE_OK) return absl::OkStatus();
    long reply_code = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply_code);
    return FailureOf(code, error_text, reply_code, outgoing.refusal);
  }

 private:
  void SetUser(CURL* easy) const {
    if (options_.user.empty()) return;
    curl_easy_setopt(easy, CURLOPT_USERNAME, options_.user.c_str());
    std::string password(options_.password->Reveal());  // libcurl wants an end to it
    curl_easy_setopt(easy, CURLOPT_PASSWORD, password.c_str());
    crypto::Wipe(password);
  }

  const Address from_;
  const SmtpOptions options_;
  const Clock& clock_;
};

// scheme://host[:port] and nothing else: no user, path or blanks.
bool IsSmtpUrl(std::string_view url) {
  const std::string_view scheme = url.starts_with(kSmtps) ? kSmtps : kSmtp;
  if (!url.starts_with(scheme)) return false;
  url.remove_prefix(scheme.size());
  return !url.empty() && std::ranges::all_of(url, [](char c) {
    return c > ' ' && c <= '~' && c != '@' && c != '/' && c != '?' && c != '#' && c != '\\';
  });
}

}  // namespace

absl::Status CheckSmtp(const SmtpOptions& options) {
  std::vector<FieldViolation> wrong;
  const bool has_password = options.password != nullptr && !options.password->empty();
  const bool is_tls = options.url.starts_with(kSmtps) || options.start_tls == StartTls::kRequired;
  if (!IsSmtpUrl(options.url)) {
    wrong.push_back(
        {"PENSTOCK_MAIL_SMTP_URL", "must be smtp://host[:port] or smtps://host[:port]"});
  }
  if (!options.user.empty() && !has_password) {
    wrong.push_back({"PENSTOCK_MAIL_SMTP_PASSWORD", "is required with PENSTOCK_MAIL_SMTP_USER"});
  }
  if (options.user.empty() && has_password) {
    wrong.push_back({"PENSTOCK_MAIL_SMTP_USER", "is required with PENSTOCK_MAIL_SMTP_PASSWORD"});
  }
  if (has_password && !is_tls) {
    wrong.push_back({"PENSTOCK_MAIL_SMTP_STARTTLS",
                     "must be required, or the password would travel in the clear"});
  }
  if (has_password && options.password->Reveal().find('\0') != std::string_view::npos) {
    wrong.push_back({"PENSTOCK_MAIL_SMTP_PASSWORD", "must not have a NUL byte"});
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

absl::StatusOr<std::unique_ptr<Mailer>> CreateSmtpMailer(Address from, SmtpOptions options,
                                                         const Clock& clock) {
  RETURN_IF_ERROR(CheckSmtp(options));
  return std::make_unique<SmtpMailer>(std::move(from), std::move(options), clock);
}

}  // namespace penstock::mail
