#include "services/connector/oauth/testing/worker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "libs/testing/check.h"

extern char** environ;

namespace penstock::connector::testing {
namespace {

// Of the runfiles, where Bazel starts tests.
constexpr char kWorker[] = "services/connector/oauth/testing/refresher_worker";

}  // namespace

WorkerProcess::WorkerProcess(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), kWorker);
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
    penstock::testing::Fail("make pipes", std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  std::vector<char*> texts;
  for (std::string& argument : arguments) texts.push_back(argument.data());
  texts.push_back(nullptr);
  const int failed = posix_spawn(&process_, kWorker, &actions, nullptr, texts.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to[0]);
  close(from[1]);
  in_ = to[1];
  out_ = from[0];
  if (failed != 0) penstock::testing::Fail(kWorker, std::strerror(failed));
  if (ReadLine() != "ready") penstock::testing::Fail(kWorker, "did not get ready");
}

WorkerProcess::~WorkerProcess() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    AwaitEnd();
  }
  close(in_);
  close(out_);
}

void WorkerProcess::Go() {
  if (write(in_, "go\n", 3) != 3) penstock::testing::Fail(kWorker, "went away");
}

std::string WorkerProcess::ReadLine() {
  size_t end;
  while ((end = buffer_.find('\n')) == std::string::npos) {
    char chunk[4096];
    const ssize_t got = read(out_, chunk, sizeof(chunk));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return "";
    buffer_.append(chunk, got);
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

std::vector<std::string> WorkerProcess::ReadLines() {
  std::vector<std::string> lines;
  for (std::string line = ReadLine(); !line.empty(); line = ReadLine()) lines.push_back(line);
  return lines;
}

int WorkerProcess::AwaitEnd() {
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace penstock::connector::testing
