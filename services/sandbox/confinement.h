// Gives up everything a sandbox process does not need, before it reads its first byte.
//
// In order: a session of its own and death with the parent; an empty root directory, nobody's
// identity and fresh namespaces as far as the kernel and our rights allow; resource limits; and
// last a list of allowed system calls. The process refuses to work when what is required (see
// kRequired) did not take hold.
#pragma once

#include <cstdint>
#include <string>

namespace penstock::sandbox {

// What took hold, as a set of bits; sent to the engine in the hello.
enum Confinement : uint32_t {
  kSeccomp = 1 << 0,
  kNoNewPrivileges = 1 << 1,
  kResourceLimits = 1 << 2,
  kUnprivileged = 1 << 3,  // neither root nor able to become it
  kNamespaces = 1 << 4,    // own user or network, IPC and host name
  kEmptyRoot = 1 << 5,
  kParentDeath = 1 << 6,
};
inline constexpr uint32_t kRequired =
    kSeccomp | kNoNewPrivileges | kResourceLimits | kUnprivileged | kParentDeath;

// Names of the bits, for people.
std::string DescribeConfinement(uint32_t bits);

// `parent` is the process that must outlive this one. Everything that needs files (libraries, time
// zone, /proc) must have been opened before. Call once; the first half keeps system calls open.
uint32_t DropPrivileges(int parent);

// The second half: no system call but those of the list. Verified against /proc/self/status and
// with a call the list answers in its own way; `status` is that file, opened before. Returns the
// bits that took hold.
uint32_t InstallSystemCallFilter(int status);

}  // namespace penstock::sandbox
