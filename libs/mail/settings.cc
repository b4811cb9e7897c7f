#include "libs/mail/settings.h"

#include <utility>
#include <vector>

#include "libs/crypto/secret.h"
#include "libs/mail/file_mailer.h"
#include "libs/status/details.h"

namespace penstock::mail {
namespace {

using config::Type;

constexpr char kTransport[] = "PENSTOCK_MAIL_TRANSPORT";
constexpr char kFrom[] = "PENSTOCK_MAIL_FROM";
constexpr char kDirectory[] = "PENSTOCK_MAIL_DIRECTORY";
constexpr char kPassword[] = "PENSTOCK_MAIL_SMTP_PASSWORD";

class NoMailer final : public Mailer {
 public:
  absl::Status Send(const Message&) override {
    return WithReason(absl::FailedPreconditionError("no mail is set up (PENSTOCK_MAIL_TRANSPORT)"),
                      kNotSetUp);
  }
};

Transport TransportOf(const std::string& name) {
  if (name == "file") return Transport::kFile;
  return name == "smtp" ? Transport::kSmtp : Transport::kNone;
}

SmtpOptions SmtpOptionsFrom(const config::Settings& settings) {
  SmtpOptions options;
  options.url = settings.String("PENSTOCK_MAIL_SMTP_URL");
  options.start_tls = settings.String("PENSTOCK_MAIL_SMTP_STARTTLS") == "off" ? StartTls::kOff
                                                                              : StartTls::kRequired;
  options.user = settings.String("PENSTOCK_MAIL_SMTP_USER");
  options.password = std::make_shared<const crypto::Secret>(settings.Secret(kPassword).Reveal());
  options.ca_file = settings.String("PENSTOCK_MAIL_SMTP_CA_FILE");
  options.connect_timeout = settings.Duration("PENSTOCK_MAIL_SMTP_CONNECT_TIMEOUT");
  options.timeout = settings.Duration("PENSTOCK_MAIL_SMTP_TIMEOUT");
  return options;
}

}  // namespace

config::Declarations DeclareSettings() {
  return {
      {.name = kTransport,
       .default_text = "none",
       .help = "How mail goes out: by SMTP, into files for development, or not at all.",
       .choices = {"none", "file", "smtp"}},
      {.name = kFrom,
       .default_text = "Penstock <penstock@localhost>",
       .help = "Who mail is from: Name <local@domain>; to be set with smtp."},
      {.name = kDirectory,
       .type = Type::kPath,
       .default_text = "",
       .help = "Where transport file puts one .eml a message; made when missing."},
      {.name = "PENSTOCK_MAIL_SMTP_URL",
       .default_text = "",
       .help = "The mail server: smtp://host:587, or smtps://host:465 for TLS from the start."},
      {.name = "PENSTOCK_MAIL_SMTP_STARTTLS",
       .default_text = "required",
       .help = "Whether smtp:// must become TLS before mail is sent; off only without a password.",
       .choices = {"required", "off"}},
      {.name = "PENSTOCK_MAIL_SMTP_USER",
       .default_text = "",
       .help = "Who signs in to the mail server; empty = nobody."},
      {.name = kPassword,
       .type = Type::kSecret,
       .default_text = "",
       .help = "Password of PENSTOCK_MAIL_SMTP_USER."},
      {.name = "PENSTOCK_MAIL_SMTP_CA_FILE",
       .type = Type::kPath,
       .default_text = "",
       .help = "PEM file of who signed the mail server's certificate; empty = the system's."},
      {.name = "PENSTOCK_MAIL_SMTP_CONNECT_TIMEOUT",
       .type = Type::kDuration,
       .default_text = "5s",
       .help = "How long connecting to the mail server may take.",
       .minimum = 0.01,
       .maximum = 60},
      {.name = "PENSTOCK_MAIL_SMTP_TIMEOUT",
       .type = Type::kDuration,
       .default_text = "30s",
       .help = "How long sending one message may take.",
       .minimum = 0.01,
       .maximum = 600},
  };
}

absl::StatusOr<Options> OptionsFrom(const config::Settings& settings) {
  std::vector<FieldViolation> wrong;
  Options options;
  options.transport = TransportOf(settings.String(kTransport));
  absl::StatusOr<Address> from = ParseAddress(settings.String(kFrom));
  if (from.ok()) {
    options.from = *std::move(from);
  } else {
    wrong.push_back({kFrom, "must be local@domain or Name <local@domain>"});
  }
  if (options.transport == Transport::kFile) {
    options.directory = settings.String(kDirectory);
    if (options.directory.empty())
      wrong.push_back({kDirectory, "is required with PENSTOCK_MAIL_TRANSPORT file"});
  }
  if (options.transport == Transport::kSmtp) {
    if (!settings.IsSet(kFrom))
      wrong.push_back({kFrom, "is required with PENSTOCK_MAIL_TRANSPORT smtp"});
    options.smtp = SmtpOptionsFrom(settings);
    for (FieldViolation& violation : ViolationsOf(CheckSmtp(options.smtp)))
      wrong.push_back(std::move(violation));
  }
  if (!wrong.empty()) return BadRequest(wrong);
  return options;
}

absl::Status Check(const config::Environment& environment) {
  const config::Declarations declarations = DeclareSettings();
  absl::StatusOr<config::Settings> settings =
      config::Settings::Parse(declarations, config::Only(declarations, environment));
  return settings.ok() ? OptionsFrom(*settings).status() : absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Mailer>> Create(const Options& options, const Clock& clock) {
  switch (options.transport) {
    case Transport::kFile:
      return CreateFileMailer(options.from, options.directory, clock);
    case Transport::kSmtp:
      return CreateSmtpMailer(options.from, options.smtp, clock);
    case Transport::kNone:
      break;
  }
  return std::make_unique<NoMailer>();
}

}  // namespace penstock::mail
