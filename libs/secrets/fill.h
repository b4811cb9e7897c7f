// Secrets that the environment leaves out, put into it from the chain before settings are read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libs/config/environment.h"
#include "libs/config/setting.h"
#include "libs/secrets/chain.h"
#include "libs/status/details.h"

namespace penstock::secrets {

struct Filled {
  config::Environment environment;
  // One for each secret that can't be told, or is set where the chain does not look.
  std::vector<FieldViolation> problems;
  // Where each secret that was found nowhere was looked for.
  std::map<std::string, std::string, std::less<>> looked_at;
};

// The names of the settings of type secret, but for those that open the chain itself.
std::vector<std::string> SecretNames(const config::Declarations& declarations);

// Each name is given the chain's value. One whose NAME_FILE is set is left to the reader of
// settings: the operator has said where it is.
Filled Fill(const std::vector<std::string>& names, config::Environment environment,
            const Chain& chain);

// What went wrong, with the places looked at added to each secret that was found nowhere.
std::vector<FieldViolation> Explain(std::vector<FieldViolation> violations, const Filled& filled);

}  // namespace penstock::secrets
