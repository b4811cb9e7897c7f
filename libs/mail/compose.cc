#include "libs/mail/compose.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "libs/log/utf8.h"
#include "libs/mail/encode.h"
#include "libs/status/details.h"

namespace penstock::mail {
namespace {

constexpr size_t kMaxIdBytes = 128;
constexpr size_t kMaxNameBytes = 200;
constexpr size_t kMaxSubjectBytes = 500;
constexpr size_t kMaxTextBytes = 1 << 20;

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

class Checker {
 public:
  void Line(const char* field, const std::string& text, size_t most) {
    Utf8(field, text, most);
    if (std::ranges::any_of(text, IsControl)) {
      Refuse(field, "must be one line without control characters");
    }
  }
  void Text(const char* field, const std::string& text) {
    Utf8(field, text, kMaxTextBytes);
    auto refused = [](char c) { return IsControl(c) && c != '\n' && c != '\r' && c != '\t'; };
    if (std::ranges::any_of(text, refused)) Refuse(field, "must not have control characters");
  }
  void Email(const char* field, const std::string& email) {
    if (!CheckEmail(email).ok()) Refuse(field, "must be local@domain in plain ASCII");
  }
  void Id(const std::string& id) {
    auto allowed = [](unsigned char c) {
      return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
    };
    if (id.size() > kMaxIdBytes || !std::ranges::all_of(id, allowed) || id.starts_with('.')) {
      Refuse("id", "must be up to 128 letters, digits, '.', '_', '-'");
    }
  }
  void Refuse(const char* field, std::string why) {
    violations_.push_back({field, std::move(why)});
  }
  absl::Status status() const {
    return violations_.empty() ? absl::OkStatus() : BadRequest(violations_);
  }

 private:
  void Utf8(const char* field, const std::string& text, size_t most) {
    if (text.size() > most) return Refuse(field, fmt::format("must be at most {} bytes", most));
    if (log::ReplaceInvalidUtf8(text) != text) Refuse(field, "must be UTF-8");
  }
  std::vector<FieldViolation> violations_;
};

std::string HeaderOf(const Address& address) {
  if (address.name.empty()) return address.email;
  const std::string name = EncodeName(address.name);
  // A line with encoded words must be short.
  return fmt::format("{}{}<{}>", name, name.starts_with("=?") ? "\r\n " : " ", address.email);
}

std::string FormatDate(absl::Time date) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", date, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<Composed> Compose(const Message& message, const Address& from, absl::Time date) {
  Checker checker;
  checker.Line("to.name", message.to.name, kMaxNameBytes);
  checker.Email("to.email", message.to.email);
  checker.Line("from.name", from.name, kMaxNameBytes);
  checker.Email("from.email", from.email);
  checker.Line("subject", message.subject, kMaxSubjectBytes);
  if (message.subject.empty()) checker.Refuse("subject", "must not be empty");
  checker.Text("text", message.text);
  checker.Id(message.id);
  if (absl::Status status = checker.status(); !status.ok()) return status;

  Composed composed;
  composed.id = message.id.empty() ? crypto::HexEncode(crypto::RandomBytes(16)) : message.id;
  composed.bytes = fmt::format(
      "Date: {}\r\n"
      "From: {}\r\n"
      "To: {}\r\n"
      "Message-ID: <{}@{}>\r\n"
      "Subject: {}\r\n"
      // So that nobody's holiday notice answers.
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=UTF-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "\r\n"
      "{}",
      FormatDate(date), HeaderOf(from), HeaderOf(message.to), composed.id,
      from.email.substr(from.email.find('@') + 1), EncodeSubject(message.subject),
      QuotedPrintable(message.text));
  return composed;
}

}  // namespace penstock::mail
