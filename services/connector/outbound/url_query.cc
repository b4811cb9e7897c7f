#include "services/connector/outbound/url_query.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "services/connector/outbound/resource_path.h"

namespace penstock::connector {
namespace {

// Also '+', which forms write for a blank.
std::string Decoded(std::string_view text) {
  std::string plain(text);
  std::ranges::replace(plain, '+', ' ');
  return PercentDecoded(plain);
}

template <typename Visit>
void ForEach(std::string_view url, Visit&& visit) {
  const size_t mark = url.find('?');
  if (mark == std::string_view::npos) return;
  const std::string_view query = url.substr(mark + 1);
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(query.data(), query.size()), '&', absl::SkipEmpty())) {
    const std::string_view text(part.data(), part.size());
    const size_t equals = std::min(text.find('='), text.size());
    visit(text, Decoded(text.substr(0, equals)),
          Decoded(text.substr(std::min(equals + 1, text.size()))));
  }
}

}  // namespace

std::optional<std::string> FindParameter(std::string_view url, std::string_view name) {
  std::optional<std::string> found;
  ForEach(url, [&](std::string_view, const std::string& key, const std::string& value) {
    if (!found && key == name) found = value;
  });
  return found;
}

std::string WithParameter(std::string_view url, std::string_view name, std::string_view value) {
  std::string changed =
      WithoutParameters(url, [&](std::string_view key, std::string_view) { return key == name; });
  changed += changed.find('?') == std::string::npos ? '?' : '&';
  return changed + PercentEncoded(name) + "=" + PercentEncoded(value);
}

std::string WithoutParameters(std::string_view url,
                              const std::function<bool(std::string_view, std::string_view)>& drop) {
  std::string kept(url.substr(0, url.find('?')));
  char separator = '?';
  ForEach(url, [&](std::string_view text, const std::string& key, const std::string& value) {
    if (drop(key, value)) return;
    kept += separator;
    kept += text;
    separator = '&';
  });
  return kept;
}

}  // namespace penstock::connector
