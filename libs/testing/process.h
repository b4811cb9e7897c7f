// A program run by a test, as an unprivileged user when the test is root, ended when the test's process ends.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace penstock::testing {

// The user that PostgreSQL's programs run as, which refuse root: ourselves, or "postgres" or "nobody" when we are root.
struct UnprivilegedUser {
  uid_t uid;
  gid_t gid;
};
UnprivilegedUser FindUnprivilegedUser();

// Starts `arguments[0]` with output to `log_file`.
pid_t Spawn(const std::vector<std::string>& arguments, const std::string& log_file);
// Ends it and its children with SIGKILL and waits until all are gone.
void KillWithChildren(pid_t process);
// Waits for its end; the exit code, or 128 and the signal.
int AwaitExit(pid_t process);

}  // namespace penstock::testing
