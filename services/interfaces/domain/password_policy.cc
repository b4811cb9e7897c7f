#include "services/interfaces/domain/password_policy.h"

#include <algorithm>

#include "libs/request/text.h"
#include "libs/status/details.h"

namespace penstock::interfaces {
namespace {

constexpr size_t kMinCharacters = 12;
constexpr size_t kMaxCharacters = 128;

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  auto lower = [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

absl::Status CheckPassword(std::string_view password, std::string_view email,
                           std::string_view field) {
  const size_t characters = CountCharacters(password);
  if (characters < kMinCharacters || characters > kMaxCharacters ||
      password.size() > kMaxPasswordBytes) {
    return InvalidField(field, "must have 12 to 128 characters");
  }
  if (EqualsIgnoringCase(password, email))
    return InvalidField(field, "must not be the e-mail address");
  return absl::OkStatus();
}

}  // namespace penstock::interfaces
