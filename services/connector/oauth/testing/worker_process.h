// A refresher_worker under a test's control: started, let go, read, or found killed.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace penstock::connector::testing {

class WorkerProcess {
 public:
  // Returns when it is ready to ask.
  explicit WorkerProcess(std::vector<std::string> arguments);
  ~WorkerProcess();  // killed if it still runs
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  void Go();
  // What it prints until it ends.
  std::vector<std::string> ReadLines();
  // Its exit code, or 128 and the signal that killed it.
  int AwaitEnd();

 private:
  std::string ReadLine();  // empty at the end
  pid_t process_ = -1;
  int in_ = -1, out_ = -1;
  std::string buffer_;
};

}  // namespace penstock::connector::testing
