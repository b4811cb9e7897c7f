#include "services/connector/providers/testing/sample_provider.h"

#include "libs/testing/check.h"
#include "services/connector/providers/provider_json.h"

namespace penstock::connector::testing {

v1::Provider SampleProvider() {
  return penstock::testing::Check(ParseProvider(R"json({
    "id": "acme-erp",
    "display_name": "Acme ERP",
    "description": "Orders and stock.",
    "categories": ["erp"],
    "hosts": ["*.acme-erp.com", "login.acme.com"],
    "base_url": "https://{account}.acme-erp.com/api/{ledger}",
    "base_url_from_token": "api_url",
    "variables": [
      {"name": "account", "description": "Your account.", "pattern": "^[a-z][a-z0-9-]*$",
       "kind": "KIND_LABEL", "example": "nord"},
      {"name": "ledger", "description": "The ledger.", "pattern": "^[0-9]+$",
       "kind": "KIND_SEGMENT", "example": "42", "default_value": "1"}
    ],
    "auth": [
      {"type": "oauth2", "title": "OAuth 2.0", "config": {
        "grant_type": "authorization_code",
        "authorize_url": "https://{account}.acme-erp.com/oauth/authorize",
        "token_url": "https://login.acme.com/oauth/token",
        "client_auth": "basic", "rotation": "grace", "grace_seconds": 60,
        "from_token": [{"name": "api_url", "path": "api_url", "hosts": ["*.acme-erp.com"]}]}},
      {"type": "api_key", "title": "Key", "config": {"in": "header", "name": "X-Api-Key"}},
      {"type": "custom", "title": "Two keys", "config": {"headers": {"X-Secret": "{{secret.key}}"}}}
    ],
    "test_request": {"method": "GET", "path": "/me", "ok_predicate": {"path": "ok",
    "equals": true}},
    "pagination": {"style": "STYLE_CURSOR", "position_parameter": "after",
    "next_path": "paging.next",
                   "size_parameter": "limit", "size": 50},
    "rate_limit": {"signals": [{"status": 429}],
                   "retry_after": [{"header": "Retry-After", "format": "FORMAT_SECONDS"}]},
    "webhook": {"verifier": "hmac", "header": "X-Signature", "algorithm": "ALGORITHM_HMAC_SHA256",
                "encoding": "ENCODING_HEX", "signed_text": "{timestamp}.{body}"},
    "default_headers": {"Accept": "application/json"},
    "documentation_url": "https://docs.acme.com/api",
    "sources": ["https://docs.acme.com/api/auth"],
    "verified_on": "2026-11-01"
  })json"),
                                  "the sample provider");
}

}  // namespace penstock::connector::testing
