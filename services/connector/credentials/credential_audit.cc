#include "services/connector/credentials/credential_audit.h"

#include <charconv>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/request/caller.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

using postgres::Connection;

std::string FilterText(const UseFilter& filter) {
  return fmt::format("credential uses {}\n{}\n{}\n{} {}",
                     filter.owner ? filter.owner->ToString() : "", filter.purpose,
                     filter.execution_id,
                     filter.start_time ? absl::ToUnixNanos(*filter.start_time) : 0,
                     filter.end_time ? absl::ToUnixNanos(*filter.end_time) : 0);
}

absl::StatusOr<std::optional<int64_t>> SequenceAt(const std::string& position) {
  if (position.empty()) return std::nullopt;
  int64_t sequence = 0;
  const char* end = position.data() + position.size();
  const auto [stop, error] = std::from_chars(position.data(), end, sequence);
  if (error == std::errc() && stop == end) return sequence;
  return InvalidField("page_token", "is not one of ours");
}

postgres::Scope ScopeOf(const auth::CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

}  // namespace

absl::StatusOr<paging::Page<RecordedUse>> ListCredentialUses(postgres::Pool& pool,
                                                             const auth::CallContext& caller,
                                                             const UseQuery& query) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(query.page_size));
  const std::string list = FilterText(query.filter);
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const std::optional<int64_t> before, SequenceAt(position));
  return postgres::RunInTransactionReturning<paging::Page<RecordedUse>>(
      pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<RecordedUse>> {
        paging::Page<RecordedUse> page;
        ASSIGN_OR_RETURN(const int64_t total, CountUses(connection, caller.tenant, query.filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items,
                         ListUses(connection, caller.tenant, query.filter, before, page_size + 1));
        if (page.items.size() > static_cast<size_t>(page_size)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(std::to_string(page.items.back().record.sequence), list);
        }
        return page;
      });
}

absl::StatusOr<audit_chain::Verdict> VerifyCredentialAudit(postgres::Pool& pool,
                                                           const auth::CallContext& caller,
                                                           const Clock& clock) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return postgres::RunInTransactionReturning<audit_chain::Verdict>(
      pool, ScopeOf(caller), [&](Connection& connection) {
        return VerifyUses(connection, caller.tenant,
                          [&] { return clock.Now() >= caller.deadline; });
      });
}

}  // namespace penstock::connector
