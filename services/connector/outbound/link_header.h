// The header Link, as RFC 8288 has it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/egress/http.h"

namespace penstock::connector {

struct Link {
  std::string target;  // as written, perhaps relative
  std::vector<std::string> relations = {};
};

// Of one header's value, up to what is no link.
std::vector<Link> ParseLinks(std::string_view value);

// The target of the first link of that relation type in all Link headers.
std::optional<std::string> FindLink(const egress::HttpResponse& response,
                                    std::string_view relation);

}  // namespace penstock::connector
