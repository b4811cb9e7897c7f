// Unpredictable bytes from the kernel, by libsodium. For secrets; ids have their own faster source.
#pragma once

#include <cstddef>
#include <string>

namespace penstock::crypto {

std::string RandomBytes(size_t size);

}  // namespace penstock::crypto
