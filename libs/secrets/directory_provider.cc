#include "libs/secrets/directory_provider.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "fmt/format.h"

namespace penstock::secrets {
namespace {

class DirectoryProvider final : public Provider {
 public:
  DirectoryProvider(std::string base_path, Directory directory)
      : base_path_(std::move(base_path)), directory_(directory) {}

  absl::StatusOr<std::optional<crypto::Secret>> Find(std::string_view name) override {
    if (!IsSecretName(name)) {
      return absl::InvalidArgumentError(
          fmt::format("'{}' is not the name of a secret: letters, digits, '_', '-', '.'", name));
    }
    absl::StatusOr<crypto::Secret> secret = crypto::ReadSecretFile(PathOf(name));
    if (secret.ok()) return std::optional<crypto::Secret>(*std::move(secret));
    if (!absl::IsNotFound(secret.status())) return secret.status();
    std::error_code error;
    if (directory_ == Directory::kMustExist && !std::filesystem::is_directory(base_path_, error)) {
      return absl::FailedPreconditionError(
          fmt::format("SECRET_FS_BASE_PATH: {} is not a directory", base_path_));
    }
    return std::nullopt;
  }

  std::string PlaceOf(std::string_view name) const override {
    return fmt::format("the file {}", PathOf(name));
  }

 private:
  std::string PathOf(std::string_view name) const { return fmt::format("{}/{}", base_path_, name); }

  const std::string base_path_;
  const Directory directory_;
};

}  // namespace

std::unique_ptr<Provider> CreateDirectoryProvider(std::string base_path, Directory directory) {
  while (base_path.size() > 1 && base_path.back() == '/') base_path.pop_back();
  return std::make_unique<DirectoryProvider>(std::move(base_path), directory);
}

}  // namespace penstock::secrets
