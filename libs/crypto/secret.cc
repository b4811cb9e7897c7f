#include "libs/crypto/secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "fmt/format.h"

namespace penstock::crypto {
namespace {

constexpr size_t kMaxFileBytes = 64 << 10;

uint8_t* Allocate(size_t size) {
  // Guard pages and locking cost a few pages of address space each; secrets are few.
  auto* data = sodium_init() < 0 ? nullptr : static_cast<uint8_t*>(sodium_malloc(size));
  if (data == nullptr) std::abort();  // out of memory: nothing sensible can follow
  return data;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

absl::Status FileError(const std::string& path, int error) {
  std::string message = fmt::format("can't read {}: {}", path, std::strerror(error));
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  return absl::InvalidArgumentError(message);
}

}  // namespace

Secret::Secret(std::string_view bytes) : size_(bytes.size()) {
  if (size_ == 0) return;
  data_ = Allocate(size_);
  std::memcpy(data_, bytes.data(), size_);
}

Secret Secret::Random(size_t size) {
  Secret secret;
  if (size == 0) return secret;
  secret.data_ = Allocate(size);
  secret.size_ = size;
  randombytes_buf(secret.data_, size);
  return secret;
}

Secret::~Secret() { sodium_free(data_); }  // wipes

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void Wipe(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

absl::StatusOr<Secret> ReadSecretFileRaw(const std::string& path) {
  // Without waiting: a pipe that nobody writes to is refused, not waited for.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return FileError(path, errno);
  std::unique_ptr<FILE, int (*)(FILE*)> file(fdopen(descriptor, "rb"), std::fclose);
  struct stat about;
  if (fstat(descriptor, &about) != 0) return FileError(path, errno);
  if (!S_ISREG(about.st_mode)) {
    return absl::InvalidArgumentError(fmt::format("{} is not a regular file", path));
  }
  // Without stdio's own buffer, which would keep a copy.
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  Secret buffer = Secret::Random(kMaxFileBytes + 1);
  char* data = const_cast<char*>(buffer.Reveal().data());
  errno = 0;
  size_t size = std::fread(data, 1, kMaxFileBytes + 1, file.get());
  if (std::ferror(file.get()) != 0) return FileError(path, errno);
  if (size > kMaxFileBytes) {
    return absl::InvalidArgumentError(fmt::format("{} is larger than 64 KiB", path));
  }
  return Secret(std::string_view(data, size));
}

absl::StatusOr<Secret> ReadSecretFile(const std::string& path) {
  absl::StatusOr<Secret> raw = ReadSecretFileRaw(path);
  if (!raw.ok()) return raw;
  std::string_view trimmed = Trim(raw->Reveal());
  if (trimmed.empty()) return absl::InvalidArgumentError(fmt::format("{} is empty", path));
  return Secret(trimmed);
}

}  // namespace penstock::crypto
