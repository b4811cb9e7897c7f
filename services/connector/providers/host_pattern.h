// Which hosts a provider's credentials may go to: exact names, and "*.example.com" for every host
// below example.com but not example.com itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penstock::connector {

// One label of a DNS name: 1 to 63 lower case letters, digits, hyphens or (as some vendors have
// them) underscores, no hyphen at either end.
bool IsDnsLabel(std::string_view label);

// A lower-case name of at least two labels whose last is no number: neither an IP address nor
// anything that could be read as one.
bool IsHostName(std::string_view host);

// A host name, perhaps with "*." before it. "*.com" is one; whether it should be is for
// check_provider to say.
bool IsHostPattern(std::string_view pattern);

// `host` is lower case.
bool HostMatches(std::string_view pattern, std::string_view host);
template <typename Patterns>
bool HostMatchesAny(const Patterns& patterns, std::string_view host) {
  for (const std::string& pattern : patterns) {
    if (HostMatches(pattern, host)) return true;
  }
  return false;
}

// Not of the names that are kept for local use or have no meaning in the public DNS: localhost,
// *.internal, *.local, *.test and their like.
bool IsPublicName(std::string_view host);

// Whether below `name` anybody can register: a top-level domain, something like co.uk, or one of
// the best known hosting domains. Without the public suffix list, so on the careful side.
bool LooksLikePublicSuffix(std::string_view name);

}  // namespace penstock::connector
