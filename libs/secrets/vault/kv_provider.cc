#include "libs/secrets/vault/kv_provider.h"

#include <utility>

#include "absl/synchronization/mutex.h"
#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::secrets::vault {
namespace {

class KvProvider final : public Provider {
 public:
  KvProvider(std::unique_ptr<Session> session, KvPath path, std::string name_space,
             const Clock& clock, absl::Duration max_age)
      : session_(std::move(session)),
        path_(std::move(path)),
        name_space_(std::move(name_space)),
        clock_(clock),
        max_age_(max_age) {}

  absl::StatusOr<std::optional<crypto::Secret>> Find(std::string_view name) override {
    absl::MutexLock lock(&mutex_);
    if (clock_.Now() >= read_at_ + max_age_) {
      document_ = ReadKvDocument(*session_, path_, name_space_);
      read_at_ = clock_.Now();
    }
    RETURN_IF_ERROR(document_.status());
    auto found = document_->values.find(name);
    if (found == document_->values.end()) return std::nullopt;
    if (!found->second.problem.empty()) {
      return absl::FailedPreconditionError(
          fmt::format("{} {}", PlaceOf(name), found->second.problem));
    }
    return crypto::Secret(found->second.text.Reveal());
  }

  std::string PlaceOf(std::string_view name) const override {
    return fmt::format("the key {} of {}/data/{} in Vault", name, path_.mount, path_.path);
  }

 private:
  const std::unique_ptr<Session> session_;
  const KvPath path_;
  const std::string name_space_;
  const Clock& clock_;
  const absl::Duration max_age_;
  absl::Mutex mutex_;
  absl::StatusOr<KvDocument> document_ ABSL_GUARDED_BY(mutex_);
  absl::Time read_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace

std::unique_ptr<Provider> CreateKvProvider(std::unique_ptr<Session> session, KvPath path,
                                           std::string name_space, const Clock& clock,
                                           absl::Duration max_age) {
  return std::make_unique<KvProvider>(std::move(session), std::move(path), std::move(name_space),
                                      clock, max_age);
}

}  // namespace penstock::secrets::vault
