// The process's log as log.cc and sink.cc share it.
#pragma once

#include <string>
#include <string_view>

#include "libs/log/log.h"

namespace penstock::log {

Level CurrentLevel();
std::string_view CurrentService();
void Write(Level level, std::string line);

}  // namespace penstock::log
