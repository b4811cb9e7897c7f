#include "libs/mail/testing/smtp_server.h"

#include <algorithm>
#include <optional>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"

namespace penstock::mail {
namespace {

constexpr size_t kMaxCommand = 510, kMaxLine = 998;  // without the CRLF

// "FROM:<a@b>" to "a@b"; options behind it are allowed.
std::optional<std::string> PathIn(const std::string& argument, const std::string& keyword) {
  const size_t close = argument.find('>');
  if (!argument.starts_with(keyword + ":<") || close == std::string::npos) return std::nullopt;
  return argument.substr(keyword.size() + 2, close - keyword.size() - 2);
}

bool IsAscii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

struct SmtpServer::Talk {
  egress::Peer& peer;
  bool greeted = false, by_tls = false;
  std::optional<std::string> sender = std::nullopt, recipient = std::nullopt;
  std::string user = "";
};

SmtpServer::SmtpServer(Rules rules, const egress::TlsIdentity* identity)
    : rules_(std::move(rules)),
      identity_(identity),
      server_([this](egress::Peer& peer) { Serve(peer); },
              rules_.tls == Tls::kFromTheStart ? identity : nullptr) {}

std::string SmtpServer::url() const {
  return fmt::format("{}://127.0.0.1:{}", rules_.tls == Tls::kFromTheStart ? "smtps" : "smtp",
                     server_.port());
}

std::vector<SmtpServer::Delivery> SmtpServer::deliveries() const {
  absl::MutexLock lock(&mutex_);
  return deliveries_;
}

std::vector<std::string> SmtpServer::complaints() const {
  absl::MutexLock lock(&mutex_);
  return complaints_;
}

void SmtpServer::Complain(const std::string& what) {
  absl::MutexLock lock(&mutex_);
  complaints_.push_back(what);
}

bool SmtpServer::Reply(Talk& talk, const std::string& command, const std::string& usual) {
  auto found = rules_.replies.find(command);
  if (found == rules_.replies.end()) return talk.peer.Write(usual + "\r\n");
  if (found->second.empty()) {
    talk.peer.AwaitClose();
    return false;
  }
  talk.peer.Write(found->second + "\r\n");
  return !found->second.starts_with("421");
}

void SmtpServer::Serve(egress::Peer& peer) {
  Talk talk{.peer = peer, .by_tls = rules_.tls == Tls::kFromTheStart};
  if (!Reply(talk, "GREETING", "220 mail.example ready")) return;
  while (std::optional<std::string> line = peer.ReadLine()) {
    if (line->size() > kMaxCommand || !IsAscii(*line) || line->find('\n') != std::string::npos) {
      Complain("not a command: " + *line);
    }
    if (!Obey(*line, talk)) return;
  }
}

bool SmtpServer::Obey(const std::string& line, Talk& talk) {
  const std::string verb = line.substr(0, 4);
  const std::string argument = line.size() > 5 ? line.substr(5) : "";
  if (verb == "QUIT") {
    talk.peer.Write("221 bye\r\n");
    return false;
  }
  if (verb == "EHLO") return Greet(talk);
  if (!talk.greeted) {
    Complain("before EHLO: " + line);
    return talk.peer.Write("503 EHLO first\r\n");
  }
  if (line == "STARTTLS" && rules_.tls == Tls::kOffered && !talk.by_tls) {
    // What was said in the clear counts no more.
    talk.greeted = false;
    talk.by_tls = true;
    return talk.peer.Write("220 go ahead\r\n") && talk.peer.StartTls(*identity_);
  }
  if (verb == "AUTH") return SignIn(talk, argument);
  if (verb == "MAIL") {
    if (!rules_.user.empty() && talk.user.empty())
      return talk.peer.Write("530 5.7.0 sign in first\r\n");
    talk.sender = PathIn(argument, "FROM");
    return Reply(talk, "MAIL", talk.sender ? "250 ok" : "501 5.5.4 no address");
  }
  if (verb == "RCPT" && talk.sender) {
    talk.recipient = PathIn(argument, "TO");
    return Reply(talk, "RCPT", talk.recipient ? "250 ok" : "501 5.5.4 no address");
  }
  if (line == "DATA" && talk.recipient) return TakeData(talk);
  Complain("out of order: " + line);
  return talk.peer.Write("503 5.5.1 out of order\r\n");
}

bool SmtpServer::Greet(Talk& talk) {
  talk.greeted = true;
  std::string reply = "250-mail.example";
  if (rules_.tls == Tls::kOffered && !talk.by_tls) reply += "\r\n250-STARTTLS";
  if (!rules_.user.empty() && talk.by_tls) reply += "\r\n250-AUTH PLAIN";
  return Reply(talk, "EHLO", reply + "\r\n250 ENHANCEDSTATUSCODES");
}

bool SmtpServer::SignIn(Talk& talk, const std::string& argument) {
  if (!talk.by_tls) Complain("a password in the clear");
  std::string response = argument.starts_with("PLAIN ") ? argument.substr(6) : "";
  if (argument == "PLAIN") {
    talk.peer.Write("334 \r\n");
    response = talk.peer.ReadLine().value_or("");
  }
  const std::string expected = fmt::format("{}{}{}{}", '\0', rules_.user, '\0', rules_.password);
  const bool right = crypto::Base64Decode(response) == expected;
  if (right) talk.user = rules_.user;
  return Reply(talk, "AUTH", right ? "235 2.7.0 welcome" : "535 5.7.8 wrong: " + response);
}

bool SmtpServer::TakeData(Talk& talk) {
  if (!Reply(talk, "DATA", "354 go on")) return false;
  if (rules_.replies.contains("DATA")) return true;
  std::string bytes;
  while (std::optional<std::string> line = talk.peer.ReadLine()) {
    if (*line == ".") {
      // What is refused is not kept; silence keeps it, as when only the answer is lost.
      const auto reply = rules_.replies.find("END");
      if (reply == rules_.replies.end() || reply->second.empty()) {
        absl::MutexLock lock(&mutex_);
        deliveries_.push_back({*talk.sender, *talk.recipient, bytes, talk.user, talk.by_tls});
      }
      return Reply(talk, "END", "250 2.0.0 queued");
    }
    if (line->size() > kMaxLine || !IsAscii(*line) ||
        line->find_first_of("\r\n") != std::string::npos) {
      Complain("not a line of mail: " + *line);
    }
    bytes += (line->starts_with('.') ? line->substr(1) : *line) + "\r\n";
  }
  return false;
}

}  // namespace penstock::mail
