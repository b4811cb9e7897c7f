#include "libs/mail/message.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::mail {
namespace {

constexpr size_t kMaxEmailBytes = 254;  // RFC 5321
constexpr size_t kMaxLocalBytes = 64;

bool IsIn(char c, std::string_view more) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || more.find(c) != more.npos;
}

// Parts joined by single dots, of letters, digits and `more`.
bool IsDotted(std::string_view text, std::string_view more) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return text.find("..") == text.npos &&
         std::ranges::all_of(text, [&](char c) { return c == '.' || IsIn(c, more); });
}

}  // namespace

absl::Status CheckEmail(const std::string& email) {
  const size_t at = email.find('@');
  const std::string_view text = email;
  if (email.size() <= kMaxEmailBytes && at != std::string::npos && at <= kMaxLocalBytes &&
      IsDotted(text.substr(0, at), "!#$%&'*+-/=?^_`{|}~") && IsDotted(text.substr(at + 1), "-")) {
    return absl::OkStatus();
  }
  return InvalidField("email", "is not an address: local@domain in plain ASCII");
}

absl::StatusOr<Address> ParseAddress(const std::string& text) {
  Address address;
  const size_t open = text.rfind('<');
  if (open == std::string::npos) {
    address.email = std::string(absl::StripAsciiWhitespace(text));
  } else {
    if (!text.ends_with('>')) return InvalidField("address", "ends with '>' when it has a '<'");
    address.name = std::string(absl::StripAsciiWhitespace(text.substr(0, open)));
    address.email = text.substr(open + 1, text.size() - open - 2);
  }
  RETURN_IF_ERROR(CheckEmail(address.email));
  return address;
}

}  // namespace penstock::mail
