#include "services/migrate/bootstrap/api_key.h"

#include "fmt/format.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/migrate/bootstrap/queries.h"

namespace penstock::migrate {
namespace {

absl::Status Explain(const absl::Status& status) {
  std::string constraint = postgres::ConstraintOf(status);
  if (constraint == "api_keys_role_known") {
    return InvalidField("role", "must be owner, admin, developer, operator or viewer");
  }
  if (constraint == "api_keys_name_length") return InvalidField("name", "must have 1 to 100 characters");
  return status;
}

}  // namespace

absl::StatusOr<std::string> CreateApiKey(postgres::Connection& admin, const ApiKeyRequest& request,
                                         absl::Time now) {
  auth::NewApiKey key = auth::MakeApiKey(request.mode);
  absl::StatusOr<postgres::Result> inserted =
      admin.Execute(kInsertApiKey, postgres::Params()
                                       .Add(request.tenant_slug)
                                       .Add(ApiKeyId::Make(now))
                                       .Add(request.name)
                                       .Add(key.prefix)
                                       .Add(postgres::Bytes{key.hash})
                                       .Add(request.role));
  if (!inserted.ok()) return Explain(inserted.status());
  if (inserted->affected_rows() == 0) {
    return absl::NotFoundError(fmt::format("there is no tenant with the slug {}", request.tenant_slug));
  }
  return key.text;
}

}  // namespace penstock::migrate
