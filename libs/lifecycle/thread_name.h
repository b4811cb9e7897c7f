// Names a thread for ps, top and gdb.
#pragma once

#include <string>

namespace penstock::lifecycle {

// Of the calling thread; cut to the 15 characters that Linux keeps.
void NameThread(const std::string& name);

}  // namespace penstock::lifecycle
