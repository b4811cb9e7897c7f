#include "services/connector/auth/credential_text.h"

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "simdjson.h"

namespace penstock::connector {
namespace {

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool IsPrintable(char c) { return c >= 0x20 && c < 0x7f; }

Alphabet AlphabetOf(Placement::In in) {
  switch (in) {
    case Placement::In::kHeader:
      return Alphabet::kAscii;
    case Placement::In::kCookie:
      return Alphabet::kCookie;
    case Placement::In::kQuery:
      return Alphabet::kUtf8;
  }
  return Alphabet::kAscii;
}

}  // namespace

absl::Status InvalidCredential(std::string_view field, std::string_view why) {
  return WithReason(absl::FailedPreconditionError(fmt::format("the secret \"{}\" {}", field, why)),
                    "CREDENTIAL_INVALID", {{"field", std::string(field)}});
}

std::string_view WrongText(std::string_view text, Alphabet alphabet) {
  if (std::ranges::any_of(text, IsControl)) return "has line breaks or other control characters";
  if (alphabet == Alphabet::kUtf8) {
    return simdjson::validate_utf8(text.data(), text.size()) ? "" : "is not UTF-8";
  }
  if (!std::ranges::all_of(text, IsPrintable)) return "has characters that are not ASCII";
  if (alphabet == Alphabet::kCookie && text.find_first_of(" \",;\\") != text.npos) {
    return "has blanks, quotes, ',', ';' or '\\', which a cookie can't";
  }
  return "";
}

absl::StatusOr<std::string_view> TextCredential(const Credentials& credentials,
                                                std::string_view field, Alphabet alphabet,
                                                Emptiness emptiness) {
  ASSIGN_OR_RETURN(const std::string_view text, credentials.Get(field));
  if (text.empty() && emptiness == Emptiness::kRefused) {
    return InvalidCredential(field, "is empty");
  }
  if (const std::string_view why = WrongText(text, alphabet); !why.empty()) {
    return InvalidCredential(field, why);
  }
  if (text.starts_with(' ') || text.ends_with(' ')) {
    return InvalidCredential(field, "begins or ends with a blank");
  }
  return text;
}

absl::Status PlaceCredential(const Placement& placement, const AuthInputs& inputs,
                             std::string_view field, egress::HttpRequest& request) {
  ASSIGN_OR_RETURN(const std::string_view text,
                   TextCredential(inputs.credentials, field, AlphabetOf(placement.in)));
  return Place(placement, text, inputs.writing, request);
}

}  // namespace penstock::connector
