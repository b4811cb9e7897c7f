#include "services/connector/credentials/vault_source.h"

#include <utility>

#include "fmt/format.h"
#include "libs/secrets/vault/kv_document.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {

std::string VaultPathOf(const CredentialOwner& owner) {
  return fmt::format("tenant/{}/{}/{}", owner.tenant.ToString(), OwnerKindName(owner.kind),
                     owner.id.ToString());
}

VaultSource::VaultSource(std::unique_ptr<secrets::vault::Session> session, Options options)
    : session_(std::move(session)), options_(std::move(options)) {}

absl::StatusOr<LoadedSecrets> VaultSource::Load(const WantedSecrets& wanted, absl::Time) {
  const CredentialOwner& owner = wanted.owner;
  // Tokens that a refresh changes belong where the state of the grant is.
  if (wanted.previous || owner.kind != OwnerKind::kConnector) {
    return absl::InvalidArgumentError("only connectors' own secrets may be in a Vault");
  }
  ASSIGN_OR_RETURN(secrets::vault::KvDocument document,
                   secrets::vault::ReadKvDocument(*session_, {options_.mount, VaultPathOf(owner)},
                                                  options_.name_space));
  LoadedSecrets loaded;
  for (const std::string& field : wanted.fields) {
    auto found = document.values.find(field);
    if (found == document.values.end()) continue;
    if (!found->second.problem.empty()) {
      return WithReason(absl::FailedPreconditionError(fmt::format("the secret \"{}\" in Vault {}",
                                                                  field, found->second.problem)),
                        "CREDENTIAL_UNUSABLE", {{"field", field}});
    }
    loaded.emplace(field, LoadedSecret{std::move(found->second.text), document.version});
  }
  return loaded;
}

}  // namespace penstock::connector
