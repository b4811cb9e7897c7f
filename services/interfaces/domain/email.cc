#include "services/interfaces/domain/email.h"

#include <algorithm>
#include <string>

#include "libs/request/text.h"

namespace penstock::interfaces {

void CheckEmail(std::string_view email, std::string_view field,
                std::vector<FieldViolation>& wrong) {
  const size_t at = email.find('@');
  const bool has_form =
      at != 0 && at != std::string_view::npos && at + 1 < email.size() &&
      email.find('@', at + 1) == std::string_view::npos &&
      std::ranges::none_of(email, [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if (!has_form || CountCharacters(email) > 320) {
    wrong.push_back({std::string(field), "must be an e-mail address of up to 320 characters"});
  }
}

}  // namespace penstock::interfaces
