#include "services/connector/credentials/use_record.h"

#include <utility>

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/connector/credentials/queries.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

constexpr int64_t kRowsAtOnce = 1000;

UseRecord RecordFrom(const Result& rows, int r) {
  return {.sequence = rows.Get<int64_t>(r, 0),
          .occurred_at = rows.Get<absl::Time>(r, 1),
          .event = rows.Get<std::string>(r, 2),
          .use_id = rows.Get<Uuid>(r, 3),
          .owner_kind = rows.Get<std::string>(r, 4),
          .owner_id = rows.Get<Uuid>(r, 5),
          .fields = rows.Get<std::string>(r, 6),
          .value_versions = rows.Get<std::string>(r, 7),
          .purpose = rows.Get<std::string>(r, 8),
          .target_host = rows.Get<std::string>(r, 9),
          .execution_id = rows.Get<std::string>(r, 10),
          .user = rows.Get<std::optional<UserId>>(r, 11),
          .api_key = rows.Get<std::optional<ApiKeyId>>(r, 12),
          .service = rows.Get<std::string>(r, 13),
          .request_id = rows.Get<std::string>(r, 14),
          .result = rows.Get<std::string>(r, 15),
          .http_status = rows.Get<int32_t>(r, 16),
          .previous_hash = rows.Get<std::string>(r, 17),
          .hash = rows.Get<std::string>(r, 18)};
}

template <typename Id>
std::string TextOf(const std::optional<Id>& id) {
  return id ? id->ToString() : "";
}

std::optional<std::string_view> TextOrNull(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

Params FilterParams(TenantId tenant, const UseFilter& filter) {
  return std::move(Params()
                       .Add(tenant)
                       .Add(filter.owner)
                       .Add(TextOrNull(filter.purpose))
                       .Add(TextOrNull(filter.execution_id))
                       .Add(filter.start_time)
                       .Add(filter.end_time));
}

absl::StatusOr<std::vector<audit_chain::Link>> ReadLinks(Connection& connection, TenantId tenant,
                                                         int64_t after) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(credentials::kReadUseChain,
                                      Params().Add(tenant).Add(after).Add(kRowsAtOnce)));
  std::vector<audit_chain::Link> links;
  for (int r = 0; r < rows.rows(); ++r) {
    const UseRecord record = RecordFrom(rows, r);
    links.push_back(
        {record.sequence, record.previous_hash, record.hash, HashUseRecord(tenant, record)});
  }
  return links;
}

absl::StatusOr<audit_chain::Head> LoadHead(Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(credentials::kLoadUseHead, Params().Add(tenant)));
  if (row.rows() == 0) return audit_chain::Head{};
  return audit_chain::Head{row.Get<int64_t>(0, 0), row.Get<std::string>(0, 1)};
}

}  // namespace

std::string HashUseRecord(TenantId tenant, const UseRecord& record) {
  return audit_chain::RowHash(record.previous_hash)
      .Add(tenant.ToString())
      .Add(std::to_string(record.sequence))
      .Add(std::to_string(absl::ToUnixMicros(record.occurred_at)))
      .Add(record.event)
      .Add(record.use_id.ToString())
      .Add(record.owner_kind)
      .Add(record.owner_id.ToString())
      .Add(record.fields)
      .Add(record.value_versions)
      .Add(record.purpose)
      .Add(record.target_host)
      .Add(record.execution_id)
      .Add(TextOf(record.user))
      .Add(TextOf(record.api_key))
      .Add(record.service)
      .Add(record.request_id)
      .Add(record.result)
      .Add(std::to_string(record.http_status))
      .Finish();
}

absl::StatusOr<std::vector<RecordedUse>> ListUses(Connection& connection, TenantId tenant,
                                                  const UseFilter& filter,
                                                  std::optional<int64_t> before, int limit) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(
          credentials::kListUses,
          std::move(FilterParams(tenant, filter).Add(before).Add(static_cast<int64_t>(limit)))));
  std::vector<RecordedUse> uses;
  for (int r = 0; r < rows.rows(); ++r) {
    uses.push_back({.record = RecordFrom(rows, r),
                    .outcome = rows.Get<std::optional<std::string>>(r, 19),
                    .http_status = rows.Get<std::optional<int32_t>>(r, 20).value_or(0),
                    .ended_at = rows.Get<std::optional<absl::Time>>(r, 21)});
  }
  return uses;
}

absl::StatusOr<int64_t> CountUses(Connection& connection, TenantId tenant,
                                  const UseFilter& filter) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(credentials::kCountUses, FilterParams(tenant, filter)));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<audit_chain::Verdict> VerifyUses(Connection& connection, TenantId tenant,
                                                const std::function<bool()>& is_too_late) {
  return audit_chain::Verify(
      {.load_head = [&] { return LoadHead(connection, tenant); },
       .read = [&](int64_t after) { return ReadLinks(connection, tenant, after); },
       .is_too_late = is_too_late});
}

}  // namespace penstock::connector
