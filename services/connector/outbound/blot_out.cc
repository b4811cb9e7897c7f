#include "services/connector/outbound/blot_out.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "libs/crypto/secret.h"
#include "libs/json/quote.h"
#include "services/connector/outbound/resource_path.h"

namespace penstock::connector {
namespace {

// Copies of secrets, wiped.
class Needles {
 public:
  Needles() = default;
  Needles(const Needles&) = delete;
  Needles& operator=(const Needles&) = delete;
  ~Needles() {
    for (std::string& needle : all_) crypto::Wipe(needle);
  }
  void Add(std::string needle) {
    const bool taken =
        needle.size() < kShortestSecret || std::ranges::find(all_, needle) != all_.end();
    taken ? crypto::Wipe(needle) : all_.push_back(std::move(needle));
  }
  void AddForms(std::string_view secret) {
    if (secret.size() < kShortestSecret) return;
    Add(std::string(secret));
    Add(PercentEncoded(secret));
    std::string quoted = json::Quoted(secret);
    Add(quoted.substr(1, quoted.size() - 2));
    crypto::Wipe(quoted);
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
};

// "Basic dXNlcjpwYXNz": the part that counts.
std::string_view Parameter(std::string_view authorization) {
  const size_t blank = authorization.find(' ');
  return blank == std::string_view::npos ? authorization : authorization.substr(blank + 1);
}

void Replace(std::string& text, const std::string& needle) {
  size_t found = text.find(needle);
  if (found == std::string::npos) return;
  std::string clean;
  size_t from = 0;
  for (; found != std::string::npos; found = text.find(needle, from)) {
    clean.append(text, from, found - from).append(kBlot);
    from = found + needle.size();
  }
  clean.append(text, from);
  crypto::Wipe(text);
  text = std::move(clean);
}

}  // namespace

bool HoldsSecret(std::string_view text, const std::vector<std::string_view>& secrets) {
  std::string decoded = PercentDecoded(text);
  const bool holds = std::ranges::any_of(secrets, [&](std::string_view secret) {
    return secret.size() >= kShortestSecret && (text.find(secret) != std::string_view::npos ||
                                                decoded.find(secret) != std::string::npos);
  });
  crypto::Wipe(decoded);
  return holds;
}

void BlotOut(egress::HttpResponse& response, const std::vector<std::string_view>& secrets,
             const egress::Headers& sent) {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "set-cookie"; });
  Needles needles;
  for (const std::string_view secret : secrets) needles.AddForms(secret);
  for (const auto& [name, value] : sent) {
    if (absl::EqualsIgnoreCase(name, "authorization")) needles.AddForms(Parameter(value));
  }
  for (const std::string& needle : needles.all()) {
    for (auto& [name, value] : response.headers) Replace(value, needle);
    Replace(response.body, needle);
  }
}

}  // namespace penstock::connector
