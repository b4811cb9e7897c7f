// Why a credential is opened, for whom, and where it will go: what the audit keeps of every use.
#pragma once

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

struct CredentialOwner {
  TenantId tenant;
  OwnerKind kind = OwnerKind::kConnector;
  Uuid id;
};

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
  std::vector<std::string> fields;  // those to open
  Purpose purpose = Purpose::kFetch;
  std::string target_host;   // "api.slack.com": the only host that may get them
  std::string execution_id;  // of the workflow that asks, or empty
  auth::CallContext caller;  // who; its tenant is the owner's
};

}  // namespace penstock::connector
