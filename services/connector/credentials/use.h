// Why a credential is opened, for whom, and where it will go: what the audit keeps of every use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"

namespace penstock::connector {

enum class OwnerKind {
  kConnector,  // static secrets, client secrets
  kGrant,      // tokens
  kAttempt,    // verifiers of an authorization under way
};

// "connector", "grant", "attempt" as stored and shown.
std::string_view OwnerKindName(OwnerKind kind);

struct CredentialOwner {
  TenantId tenant;
  OwnerKind kind = OwnerKind::kConnector;
  Uuid id;
};

// Where an owner's secrets are: integration_connectors.secret_storage.
enum class SecretStorage {
  kSealed,  // in our database, sealed
  kVault,   // in the tenant's part of a Vault
};

// The reason (ABORTED) of a use whose owner is not of Use::owner_version any more.
inline constexpr char kOwnerChanged[] = "OWNER_CHANGED";

enum class Purpose {
  kTest,
  kFetch,
  kAction,
  kRefresh,    // getting an access token
  kAuthorize,  // exchanging a code, starting a device flow
  kRevoke,
};

// "test", "fetch", ... as stored and shown.
std::string_view PurposeName(Purpose purpose);

struct Use {
  CredentialOwner owner;
  std::vector<std::string> fields;  // those to open; one that is missing refuses the use
  Purpose purpose = Purpose::kFetch;
  std::string target_host;                   // "api.slack.com": the only host that may get them
  std::string execution_id;                  // of the workflow that asks, or empty
  auth::CallContext caller;                  // who; its tenant is the owner's
  std::vector<std::string> optional_fields;  // opened where they are there
  SecretStorage storage = SecretStorage::kSealed;
  bool previous = false;  // the versions before the current ones, where they were kept
  // How the owner was when `target_host` was read from it: the version of a connector, the
  // token_version of a grant. Another one refuses the use, so that no secret that was entered for
  // one host goes to another. Of sealed secrets only; none = as it is.
  std::optional<int64_t> owner_version = {};
};

// An opened use, to tell its outcome by.
struct UseId {
  Uuid id;
  CredentialOwner owner;
  Purpose purpose = Purpose::kFetch;
};

}  // namespace penstock::connector
