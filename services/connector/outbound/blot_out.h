// Third parties repeat what they were sent: in bodies, headers, links to the next page. Nothing of
// a credential gets from there to a caller. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "libs/egress/http.h"

namespace penstock::connector {

// Shorter secrets would blot out half of the text.
inline constexpr size_t kShortestSecret = 6;

// What is there in a secret's place.
inline constexpr std::string_view kBlot = "[redacted]";

// Whether `text` holds one of them, plain or percent-encoded.
bool HoldsSecret(std::string_view text, const std::vector<std::string_view>& secrets);

// Puts "[redacted]" in place of every secret in header values and body: plain, percent-encoded, as
// JSON escapes it, and what an Authorization header of `sent` said. Cookies go as a whole: the
// third party means them for whoever has the credentials.
void BlotOut(egress::HttpResponse& response, const std::vector<std::string_view>& secrets,
             const egress::Headers& sent);

}  // namespace penstock::connector
