// What a process and everything it started cost, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace penstock::harness {

// All processes below `root`, without it.
std::vector<pid_t> DescendantsOf(pid_t root);

// The program's name as the kernel keeps it (up to 15 characters), or empty when the process is
// gone.
std::string NameOf(pid_t pid);

// CPU time of one process so far, with that of its children that have ended.
double CpuSecondsOf(pid_t pid);
// The same without children.
double OwnCpuSecondsOf(pid_t pid);

// Proportional set size: memory shared with other processes is counted in parts, so a sum over
// processes is right.
int64_t PssBytesOf(pid_t pid);

}  // namespace penstock::harness
