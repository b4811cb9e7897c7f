#include "services/interfaces/ops/audit.h"

#include <charconv>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/request/caller.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;

constexpr int kRowsAtOnce = 1000;

std::string FilterText(const AuditFilter& filter) {
  return fmt::format("audit {}\n{}\n{}\n{} {} {}", filter.action, filter.resource_type,
                     filter.resource_id, filter.actor_user ? filter.actor_user->ToString() : "",
                     filter.start_time ? absl::ToUnixNanos(*filter.start_time) : 0,
                     filter.end_time ? absl::ToUnixNanos(*filter.end_time) : 0);
}

absl::StatusOr<std::optional<int64_t>> SequenceAt(const std::string& position) {
  if (position.empty()) return std::nullopt;
  int64_t sequence = 0;
  const char* end = position.data() + position.size();
  const auto [stop, error] = std::from_chars(position.data(), end, sequence);
  if (error != std::errc() || stop != end) {
    return InvalidField("page_token", "is not one of ours");
  }
  return sequence;
}

audit_chain::Link LinkOf(TenantId tenant, const AuditRow& row) {
  return {row.sequence, row.previous_hash, row.hash, HashAuditRow(tenant, row)};
}

absl::StatusOr<std::vector<audit_chain::Link>> ReadLinks(Connection& connection, TenantId tenant,
                                                         int64_t after) {
  ASSIGN_OR_RETURN(const std::vector<AuditRow> rows,
                   storage::ReadAuditChain(connection, tenant, after, kRowsAtOnce));
  std::vector<audit_chain::Link> links;
  for (const AuditRow& row : rows) links.push_back(LinkOf(tenant, row));
  return links;
}

}  // namespace

absl::StatusOr<paging::Page<AuditRow>> ListAuditEvents(const IdentityContext& context,
                                                       const CallContext& caller,
                                                       const AuditQuery& query) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(query.page_size));
  const std::string list = FilterText(query.filter);
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const std::optional<int64_t> before, SequenceAt(position));
  return RunInTransactionReturning<paging::Page<AuditRow>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<AuditRow>> {
        paging::Page<AuditRow> page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountAudit(connection, caller.tenant, query.filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListAudit(connection, caller.tenant, query.filter,
                                                        before, page_size + 1));
        if (page.items.size() > static_cast<size_t>(page_size)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(std::to_string(page.items.back().sequence), list);
        }
        return page;
      });
}

absl::StatusOr<AuditVerdict> VerifyAuditLog(const IdentityContext& context,
                                            const CallContext& caller) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return RunInTransactionReturning<AuditVerdict>(
      context.pool, ScopeOf(caller), [&](Connection& connection) {
        return audit_chain::Verify(
            {.load_head = [&] { return storage::LoadAuditHead(connection, caller.tenant); },
             .read = [&](int64_t after) { return ReadLinks(connection, caller.tenant, after); },
             .is_too_late = [&] { return context.clock.Now() >= caller.deadline; }});
      });
}

}  // namespace penstock::interfaces
