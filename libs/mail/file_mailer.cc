#include "libs/mail/file_mailer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "fmt/format.h"
#include "libs/mail/compose.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::mail {
namespace {

absl::Status CantWrite(const std::string& path) {
  return WithReason(
      absl::UnavailableError(fmt::format("can't write {}: {}", path, std::strerror(errno))),
      kUnavailable);
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(written);
  }
  return true;
}

class FileMailer final : public Mailer {
 public:
  FileMailer(Address from, std::string directory, const Clock& clock)
      : from_(std::move(from)), directory_(std::move(directory)), clock_(clock) {}

  absl::Status Send(const Message& message) override {
    const absl::Time now = clock_.Now();
    ASSIGN_OR_RETURN(const Composed composed, Compose(message, from_, now));
    const std::string name = fmt::format("{}-{}.eml", absl::ToUnixMicros(now), composed.id);
    const std::string path = fmt::format("{}/{}", directory_, name);
    // Hidden until it is whole: who watches the directory never sees half a message.
    const std::string unfinished = fmt::format("{}/.{}.part", directory_, name);
    unlink(unfinished.c_str());
    const int file = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return CantWrite(unfinished);
    absl::Cleanup remove = [&] { unlink(unfinished.c_str()); };
    const bool written = WriteAll(file, composed.bytes);
    if (close(file) != 0 || !written) return CantWrite(unfinished);
    if (std::rename(unfinished.c_str(), path.c_str()) != 0) return CantWrite(path);
    std::move(remove).Cancel();
    return absl::OkStatus();
  }

 private:
  const Address from_;
  const std::string directory_;
  const Clock& clock_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Mailer>> CreateFileMailer(Address from, std::string directory,
                                                         const Clock& clock) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return InvalidField("PENSTOCK_MAIL_DIRECTORY",
                        fmt::format("can't make {}: {}", directory, std::strerror(errno)));
  }
  struct stat about;
  if (stat(directory.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) ||
      access(directory.c_str(), W_OK | X_OK) != 0) {
    return InvalidField("PENSTOCK_MAIL_DIRECTORY",
                        fmt::format("{} is not a directory to write to", directory));
  }
  return std::make_unique<FileMailer>(std::move(from), std::move(directory), clock);
}

}  // namespace penstock::mail
