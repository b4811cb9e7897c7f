#include "tests/harness/process_tree.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "fmt/format.h"

namespace penstock::harness {
namespace {

struct Stat {
  std::string name;
  pid_t parent = 0;
  // Of user and system.
  int64_t own_ticks = 0;
  int64_t children_ticks = 0;  // those that were waited for
};

Stat ReadStat(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  if (!std::getline(file, line)) return {};
  // The name is in parentheses and may hold anything, so look from the right.
  size_t open = line.find('('), close = line.rfind(')');
  Stat stat;
  stat.name = line.substr(open + 1, close - open - 1);
  std::istringstream rest(line.substr(close + 1));
  std::string field;
  for (int number = 3; rest >> field; ++number) {  // as proc(5) numbers them
    if (number == 4) stat.parent = atoi(field.c_str());
    if (number == 14 || number == 15) stat.own_ticks += atoll(field.c_str());
    if (number == 16 || number == 17) stat.children_ticks += atoll(field.c_str());
    if (number > 17) break;
  }
  return stat;
}

}  // namespace

std::vector<pid_t> DescendantsOf(pid_t root) {
  std::vector<std::pair<pid_t, pid_t>> parents;  // child, parent
  DIR* directory = opendir("/proc");
  if (directory == nullptr) return {};
  while (dirent* entry = readdir(directory)) {
    if (pid_t pid = atoi(entry->d_name); pid > 0) parents.push_back({pid, ReadStat(pid).parent});
  }
  closedir(directory);
  std::vector<pid_t> found = {root};
  for (size_t i = 0; i < found.size(); ++i) {
    for (auto [child, parent] : parents) {
      if (parent == found[i]) found.push_back(child);
    }
  }
  found.erase(found.begin());
  return found;
}

std::string NameOf(pid_t pid) { return ReadStat(pid).name; }

double CpuSecondsOf(pid_t pid) {
  Stat stat = ReadStat(pid);
  return static_cast<double>(stat.own_ticks + stat.children_ticks) / sysconf(_SC_CLK_TCK);
}

double OwnCpuSecondsOf(pid_t pid) {
  return static_cast<double>(ReadStat(pid).own_ticks) / sysconf(_SC_CLK_TCK);
}

int64_t PssBytesOf(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/smaps_rollup", pid));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Pss:")) return atoll(line.c_str() + 4) * 1024;
  }
  return 0;
}

}  // namespace penstock::harness
