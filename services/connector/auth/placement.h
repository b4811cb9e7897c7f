// Where in a request a credential stands: {"in": "header", "name": "Authorization", "prefix":
// "Bearer "}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/egress/http.h"
#include "libs/status/details.h"
#include "services/connector/auth/config_reader.h"
#include "services/connector/auth/writing.h"

namespace penstock::connector {

struct Placement {
  enum class In { kHeader, kQuery, kCookie };
  In in = In::kHeader;
  std::string name = "Authorization";
  std::string prefix = "Bearer ";  // stands right before the credential
};

// What `config` says of in, name and prefix; the rest as in `fallback`.
Placement ReadPlacement(const ConfigReader& config, Placement fallback = {});

// `at` is where the placement is in the config: "inject." or nothing.
void CheckPlacement(const Placement& placement, std::string_view at,
                    std::vector<FieldViolation>& wrong);

// Puts `credential`, which may stand there, in place of whatever has that name already; a cookie
// beside others. INVALID_ARGUMENT for a URL that can't be read.
absl::Status Place(const Placement& placement, std::string_view credential, Writing writing,
                   egress::HttpRequest& request);

}  // namespace penstock::connector
