#include "libs/egress/url.h"

#include <charconv>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::egress {
namespace {

constexpr size_t kMaxBytes = 16 << 10;

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("bad URL: {}", what));
}

std::optional<std::string> Part(CURLU* handle, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

absl::StatusOr<Url> Url::Parse(const std::string& text) { return Set(Handle(curl_url()), text, 0); }

absl::StatusOr<Url> Url::Resolve(const std::string& reference) const {
  return Set(Handle(curl_url_dup(handle_.get())), reference, CURLU_URLENCODE | CURLU_ALLOW_SPACE);
}

absl::StatusOr<Url> Url::Set(Handle handle, const std::string& text, unsigned int flags) {
  if (text.size() > kMaxBytes) return Bad(fmt::format("longer than {} bytes", kMaxBytes));
  if (text.find('\0') != std::string::npos) return Bad("a NUL byte");
  CURLUcode code =
      curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), flags | CURLU_DISALLOW_USER);
  if (code != CURLUE_OK) return Bad(curl_url_strerror(code));
  if (Part(handle.get(), CURLUPART_ZONEID)) return Bad("an IPv6 zone");
  std::optional<std::string> scheme = Part(handle.get(), CURLUPART_SCHEME);
  std::optional<std::string> port = Part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::optional<std::string> host = Part(handle.get(), CURLUPART_HOST);
  if (!scheme || !port || !host || host->empty()) return Bad("no host");
  for (char& c : *host) {
    // What libcurl makes of such names depends on the locale; what it checks and where it goes must
    // not.
    if (static_cast<unsigned char>(c) >= 0x80)
      return Bad("write the host in its ASCII (xn--) form");
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  code = curl_url_set(handle.get(), CURLUPART_HOST, host->c_str(), 0);
  if (code != CURLUE_OK) return Bad(curl_url_strerror(code));
  curl_url_set(handle.get(), CURLUPART_FRAGMENT, nullptr, 0);

  Url url;
  url.scheme_ = *std::move(scheme);
  std::from_chars(port->data(), port->data() + port->size(), url.port_);
  url.host_ = *std::move(host);
  if (url.host_.front() == '[') url.host_ = url.host_.substr(1, url.host_.size() - 2);
  if (url.host_.size() > 1 && url.host_.back() == '.') url.host_.pop_back();
  url.handle_ = std::move(handle);
  return url;
}

bool Url::SameOrigin(const Url& other) const {
  return scheme_ == other.scheme_ && host_ == other.host_ && port_ == other.port_;
}

}  // namespace penstock::egress
