#include "libs/secrets/provider.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace penstock::secrets {
namespace {

constexpr size_t kMaxNameBytes = 128;

bool MayBeInName(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
}

}  // namespace

bool IsSecretName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
         std::ranges::all_of(name, MayBeInName);
}

}  // namespace penstock::secrets
