#include "services/interfaces/storage/audit.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

std::vector<AuditRow> RowsFrom(const Result& rows) {
  std::vector<AuditRow> read;
  read.reserve(rows.rows());
  for (int r = 0; r < rows.rows(); ++r) {
    read.push_back({.sequence = rows.Get<int64_t>(r, 0),
                    .occurred_at = rows.Get<absl::Time>(r, 1),
                    .actor_user = rows.Get<std::optional<UserId>>(r, 2),
                    .actor_api_key = rows.Get<std::optional<ApiKeyId>>(r, 3),
                    .actor_service = rows.Get<std::string>(r, 4),
                    .action = rows.Get<std::string>(r, 5),
                    .resource_type = rows.Get<std::string>(r, 6),
                    .resource_id = rows.Get<std::string>(r, 7),
                    .details = rows.Get<std::string>(r, 8),
                    .request_id = rows.Get<std::string>(r, 9),
                    .previous_hash = rows.Get<std::string>(r, 10),
                    .hash = rows.Get<std::string>(r, 11)});
  }
  return read;
}

std::optional<std::string_view> TextOrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

void AddFilter(Params& params, const AuditFilter& filter) {
  params.Add(TextOrNull(filter.action))
      .Add(TextOrNull(filter.resource_type))
      .Add(TextOrNull(filter.resource_id))
      .Add(filter.actor_user)
      .Add(filter.start_time)
      .Add(filter.end_time);
}

}  // namespace

absl::StatusOr<std::vector<AuditRow>> ListAudit(Connection& connection, TenantId tenant,
                                                const AuditFilter& filter,
                                                std::optional<int64_t> before, int limit) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  params.Add(before).Add(int64_t{limit});
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kListAudit, params));
  return RowsFrom(rows);
}

absl::StatusOr<int64_t> CountAudit(Connection& connection, TenantId tenant,
                                   const AuditFilter& filter) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kCountAudit, params));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<std::vector<AuditRow>> ReadAuditChain(Connection& connection, TenantId tenant,
                                                     int64_t after, int limit) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(kReadAuditChain, Params().Add(tenant).Add(after).Add(int64_t{limit})));
  return RowsFrom(rows);
}

absl::StatusOr<audit_chain::Head> LoadAuditHead(Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kLoadAuditHead, Params().Add(tenant)));
  if (row.rows() == 0) return audit_chain::Head{};
  return audit_chain::Head{row.Get<int64_t>(0, 0), row.Get<std::string>(0, 1)};
}

}  // namespace penstock::interfaces::storage
