// Which URLs of an auth_config secrets may be sent to: tokens are asked for there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/status/details.h"

namespace penstock::connector {

// What an operator opens beyond the public internet, for development and tests.
struct UrlRules {
  bool plain_http = false;
  bool any_host = false;  // addresses, single labels, names for local use
};

// What is wrong with it, or empty: it must be absolute, https, without user info and fragment, and
// its host a public DNS name. What the name leads to is checked again when it is connected to.
std::string WrongDestination(const std::string& url, const UrlRules& rules);

// Adds a violation for a URL that is there and wrong.
void CheckDestination(const std::string& url, std::string_view field, const UrlRules& rules,
                      std::vector<FieldViolation>& wrong);

// "api.example.com", or "*.example.com": lower case, at least two labels beside the star, no name
// for local use and no address.
bool IsPublicHostPattern(std::string_view pattern);

}  // namespace penstock::connector
