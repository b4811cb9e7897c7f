#include "services/connector/credentials/use.h"

namespace penstock::connector {

std::string_view OwnerKindName(OwnerKind kind) {
  switch (kind) {
    case OwnerKind::kConnector:
      return "connector";
    case OwnerKind::kGrant:
      return "grant";
    case OwnerKind::kAttempt:
      return "attempt";
  }
  return "unknown";
}

std::string_view PurposeName(Purpose purpose) {
  switch (purpose) {
    case Purpose::kTest:
      return "test";
    case Purpose::kFetch:
      return "fetch";
    case Purpose::kAction:
      return "action";
    case Purpose::kRefresh:
      return "refresh";
    case Purpose::kAuthorize:
      return "authorize";
    case Purpose::kRevoke:
      return "revoke";
  }
  return "unknown";
}

}  // namespace penstock::connector
