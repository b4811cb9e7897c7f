// Credentials as texts that may be written where a request has a place for them. Errors name the
// field and never hold its value.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "services/connector/auth/placement.h"
#include "services/connector/auth/strategy.h"

namespace penstock::connector {

// FAILED_PRECONDITION with reason CREDENTIAL_INVALID: 'the secret "api_key" <why>'.
absl::Status InvalidCredential(std::string_view field, std::string_view why);

enum class Alphabet {
  kAscii,   // printable: what a header takes without doubt
  kCookie,  // the same without blanks, quotes, ',', ';' and '\'
  kUtf8,    // without control characters
};
// What is wrong with it, to follow its name in a sentence, or empty. An empty text is right.
std::string_view WrongText(std::string_view text, Alphabet alphabet);

enum class Emptiness { kRefused, kAllowed };
// The credential, if it is of this alphabet and neither begins nor ends with a blank, as what was
// copied with its surroundings does.
absl::StatusOr<std::string_view> TextCredential(const Credentials& credentials,
                                                std::string_view field, Alphabet alphabet,
                                                Emptiness emptiness = Emptiness::kRefused);

// Get, check, place.
absl::Status PlaceCredential(const Placement& placement, const AuthInputs& inputs,
                             std::string_view field, egress::HttpRequest& request);

}  // namespace penstock::connector
