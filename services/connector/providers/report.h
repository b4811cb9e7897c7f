// What the command `check` says about a row.
#pragma once

#include <string>

#include "absl/time/civil_time.h"

namespace penstock::connector {

// One line for each thing that is wrong, "file: field: what"; empty when the row may ship. The file
// has to be named for the row's id.
std::string ReportOn(const std::string& file_name, const std::string& json, absl::CivilDay today);

}  // namespace penstock::connector
