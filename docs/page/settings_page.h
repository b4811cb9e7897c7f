// docs/settings.md, made from what the programs declare.
#pragma once

#include <string>

namespace penstock::docs {

std::string SettingsPage();

}  // namespace penstock::docs
