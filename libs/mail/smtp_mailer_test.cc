// Mail by SMTP, and what a server may do to it.
#include "libs/mail/smtp_mailer.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "libs/mail/smtp_failure.h"
#include "libs/mail/testing/parsed_mail.h"
#include "libs/mail/testing/smtp_server.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/simulated_clock.h"

namespace penstock::mail {
namespace {

const Address kFrom{"Penstock", "no-reply@example.com"};
constexpr char kPassword[] = "planted-pässword";

const egress::TlsIdentity& Identity() {
  static const egress::TlsIdentity identity;
  return identity;
}

Message Sample() {
  return {.to = {"Žofie", "zofie@example.com"},
          .subject = "Vítejte",
          .text = ".\nPassword: a=b\n.end\n",
          .id = "m-1"};
}

SmtpOptions OptionsFor(const std::string& url) {
  SmtpOptions options;
  options.url = url;
  options.ca_file = Identity().certificate_file();
  options.timeout = absl::Seconds(10);
  return options;
}

SmtpOptions SignedIn(SmtpOptions options, const std::string& password = kPassword) {
  options.user = "penstock";
  options.password = std::make_shared<const crypto::Secret>(password);
  return options;
}

absl::Status SendBy(const SmtpOptions& options) {
  static testing::SimulatedClock clock;
  auto mailer = testing::Check(CreateSmtpMailer(kFrom, options, clock), "make a mailer");
  return mailer->Send(Sample());
}

SmtpOptions Plain(const std::string& url) {
  SmtpOptions options = OptionsFor(url);
  options.start_tls = StartTls::kOff;
  return options;
}

void CheckDelivered(const SmtpServer& server) {
  CHECK(server.complaints() == std::vector<std::string>{});
  REQUIRE(server.deliveries().size() == 1);
  const SmtpServer::Delivery delivery = server.deliveries()[0];
  CHECK(delivery.sender == "no-reply@example.com");
  CHECK(delivery.recipient == "zofie@example.com");
  const ParsedMail mail = ParseMail(delivery.bytes);
  CHECK(mail.headers.at("Subject") == "Vítejte");
  CHECK(mail.headers.at("Message-ID") == "<m-1@example.com>");
  CHECK(mail.text == ".\nPassword: a=b\n.end\n");
}

TEST_CASE("a message goes out in the clear only where the operator says so") {
  SmtpServer server({});
  CHECK(SendBy(Plain(server.url())).ok());
  CheckDelivered(server);
}

TEST_CASE("a message goes out by STARTTLS, signed in") {
  SmtpServer server({.tls = SmtpServer::Tls::kOffered, .user = "penstock", .password = kPassword},
                    &Identity());
  const absl::Status status = SendBy(SignedIn(OptionsFor(server.url())));
  INFO(status.ToString());
  CHECK(status.ok());
  CheckDelivered(server);
  CHECK(server.deliveries()[0].by_tls);
  CHECK(server.deliveries()[0].user == "penstock");
}

TEST_CASE("a message goes out by TLS from the start, signed in") {
  SmtpServer server(
      {.tls = SmtpServer::Tls::kFromTheStart, .user = "penstock", .password = kPassword},
      &Identity());
  const absl::Status status = SendBy(SignedIn(OptionsFor(server.url())));
  INFO(status.ToString());
  CHECK(status.ok());
  CheckDelivered(server);
  CHECK(server.deliveries()[0].by_tls);
}

TEST_CASE("where TLS is required and not offered nothing is sent, for good") {
  SmtpServer server({.tls = SmtpServer::Tls::kNone, .user = "penstock", .password = kPassword});
  const absl::Status status = SendBy(SignedIn(OptionsFor(server.url())));
  INFO(status.ToString());
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(ReasonOf(status) == kRefused);
  CHECK(std::string(status.message()).find("offers no TLS") != std::string::npos);
  CHECK(server.deliveries().empty());
  CHECK(server.complaints().empty());  // above all of no password in the clear
}

TEST_CASE("a certificate that nobody trusts ends it, for good") {
  SmtpServer server({.tls = SmtpServer::Tls::kOffered}, &Identity());
  SmtpOptions options = OptionsFor(server.url());
  options.ca_file = "";
  const absl::Status status = SendBy(options);
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(server.deliveries().empty());
}

TEST_CASE("a refusal is permanent or transient as the server says, and gives its code") {
  struct Refusal {
    std::string command, reply;
    bool may_pass;
    std::string code;
  };
  const Refusal refusal = GENERATE(values<Refusal>({
      {"GREETING", "554 5.3.2 not today", false, "554 5.3.2"},
      {"GREETING", "421 4.3.2 shutting down", true, "421 4.3.2"},
      {"MAIL", "452 4.3.1 no room", true, "452 4.3.1"},
      {"MAIL", "550 5.7.1 not from you", false, "550 5.7.1"},
      {"RCPT", "550 5.1.1 no zofie@example.com here", false, "550 5.1.1"},
      {"RCPT", "450 4.2.1 greylisted", true, "450 4.2.1"},
      {"RCPT", "421 too many", true, "421"},
      {"DATA", "554 no", false, "554"},
      {"END", "552 5.3.4 too large", false, "552 5.3.4"},
      {"END", "451 4.7.1 try later", true, "451 4.7.1"},
  }));
  CAPTURE(refusal.command, refusal.reply);
  SmtpServer server({.replies = {{refusal.command, refusal.reply}}});
  const absl::Status status = SendBy(Plain(server.url()));
  INFO(status.ToString());
  CHECK(MayPass(status) == refusal.may_pass);
  CHECK(absl::IsFailedPrecondition(status) == !refusal.may_pass);
  CHECK(ReasonOf(status) == (refusal.may_pass ? kUnavailable : kRefused));
  CHECK(MetadataOf(status, "smtp") == refusal.code);
  CHECK(std::string(status.message()).find("example.com") == std::string::npos);
  CHECK(server.deliveries().empty());
}

TEST_CASE("a wrong password is refused for good, a busy sign-in is not, and neither says it") {
  SmtpServer::Rules rules{
      .tls = SmtpServer::Tls::kOffered, .user = "penstock", .password = kPassword};
  bool may_pass = false;
  SECTION("wrong") {}
  SECTION("busy") {
    rules.replies["AUTH"] = "454 4.7.0 try later";
    may_pass = true;
  }
  SmtpServer server(rules, &Identity());
  const absl::Status status = SendBy(SignedIn(OptionsFor(server.url()), "planted-wrong"));
  INFO(status.ToString());
  CHECK_FALSE(status.ok());
  CHECK(MayPass(status) == may_pass);
  CHECK(status.ToString().find("planted") == std::string::npos);
  // "\0penstock\0planted-wrong", as it goes over the wire and as this server repeats it.
  CHECK(status.ToString().find("AHBlbnN0b2NrAHBsYW50ZWQtd3Jvbmc") == std::string::npos);
}

TEST_CASE("a server that says nothing is given up on, and may do better later") {
  const std::string command = GENERATE("GREETING", "RCPT", "END");
  CAPTURE(command);
  SmtpServer server({.replies = {{command, ""}}});
  SmtpOptions options = Plain(server.url());
  options.timeout = options.connect_timeout = absl::Milliseconds(300);
  const absl::Time start = absl::Now();
  const absl::Status status = SendBy(options);
  INFO(status.ToString());
  CHECK(MayPass(status));
  // libcurl alone waits two minutes for a reply to QUIT.
  CHECK(absl::Now() - start < absl::Seconds(30));
}

TEST_CASE("a server that is not there may come") {
  CHECK(MayPass(SendBy(Plain("smtp://127.0.0.1:1"))));
}

TEST_CASE("a message that is none connects to nobody") {
  SmtpServer server({});
  testing::SimulatedClock clock;
  auto mailer =
      testing::Check(CreateSmtpMailer(kFrom, Plain(server.url()), clock), "make a mailer");
  Message message = Sample();
  message.to.email = "zofie@example.com> BODY=8BITMIME";
  CHECK(absl::IsInvalidArgument(mailer->Send(message)));
  CHECK(server.connections() == 0);
}

TEST_CASE("only codes are taken from what a server says") {
  CHECK(RefusalIn("550 5.1.1 no such user\r\n") == "550 5.1.1");
  CHECK(RefusalIn("550-5.7.1 first of many") == "550 5.7.1");
  CHECK(RefusalIn("421 shutting down") == "421");
  CHECK(RefusalIn("550 4.1.1 at odds with itself") == "550");
  CHECK(RefusalIn("550 5.secret") == "550");
  CHECK(RefusalIn("250 ok") == "");
  CHECK(RefusalIn("5") == "");
}

}  // namespace
}  // namespace penstock::mail
