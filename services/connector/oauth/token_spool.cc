#include "services/connector/oauth/token_spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

constexpr std::string_view kSuffix = ".tokens";
constexpr size_t kMaxFileBytes = 256 << 10;

absl::Status Errno(std::string_view what, const std::string& path) {
  return absl::UnavailableError(fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(written);
  }
  return true;
}

// A file that is renamed does not open under another name.
std::string Associated(const std::string& name) { return "token_spool/" + name; }

}  // namespace

absl::StatusOr<TokenSpool> TokenSpool::Create(std::string directory, crypto::Sealer sealer) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return Errno("make", directory);
  struct stat info;
  if (stat(directory.c_str(), &info) != 0) return Errno("look at", directory);
  if (!S_ISDIR(info.st_mode) || (info.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{} must be a directory that only its owner can use (mode 0700)", directory));
  }
  return TokenSpool(std::move(directory), std::move(sealer));
}

absl::Status TokenSpool::SyncDirectory() const {
  const File directory(open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || fsync(directory.get()) != 0) return Errno("sync", directory_);
  return absl::OkStatus();
}

absl::Status TokenSpool::Write(const Received& received) {
  const std::string name = received.attempt.id.ToString() + std::string(kSuffix);
  std::string text = SerializeReceived(received);
  absl::StatusOr<std::string> sealed = sealer_.Seal(text, Associated(name));
  crypto::Wipe(text);
  RETURN_IF_ERROR(sealed.status());
  const std::string path = directory_ + "/" + name, unfinished = path + ".new";
  {
    const File file(
        open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return Errno("make", unfinished);
    if (!WriteAll(file.get(), *sealed) || fsync(file.get()) != 0) return Errno("write", unfinished);
  }
  if (rename(unfinished.c_str(), path.c_str()) != 0) return Errno("name", path);
  return SyncDirectory();
}

absl::StatusOr<std::vector<std::string>> TokenSpool::List() const {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    std::string name = entry.path().filename().string();
    if (name.ends_with(kSuffix)) names.push_back(std::move(name));
  }
  if (error) return absl::UnavailableError(fmt::format("list {}: {}", directory_, error.message()));
  std::sort(names.begin(), names.end());  // attempt ids grow with time
  return names;
}

absl::StatusOr<Received> TokenSpool::Read(const std::string& name) const {
  const std::string path = directory_ + "/" + name;
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0 && errno == ENOENT) return absl::NotFoundError(path);
  if (file.get() < 0) return Errno("open", path);
  std::string sealed(kMaxFileBytes, '\0');
  const ssize_t got = read(file.get(), sealed.data(), sealed.size());
  if (got < 0) return Errno("read", path);
  sealed.resize(got);
  absl::StatusOr<crypto::Secret> text = sealer_.Open(sealed, Associated(name));
  if (!text.ok()) return WithContext(text.status(), path);
  return ParseReceived(text->Reveal());
}

absl::Status TokenSpool::Remove(const std::string& name) {
  const std::string path = directory_ + "/" + name;
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return Errno("remove", path);
  return SyncDirectory();
}

}  // namespace penstock::connector
