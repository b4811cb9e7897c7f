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

// Follows the chain to its end.
class Verification {
 public:
  Verification(const IdentityContext& context, const CallContext& caller, Connection& connection)
      : context_(context), caller_(caller), connection_(connection), chain_(caller.tenant) {}

  absl::StatusOr<AuditVerdict> Run() {
    ASSIGN_OR_RETURN(verdict_.end, storage::LoadAuditHead(connection_, caller_.tenant));
    while (verdict_.problem.empty()) {
      if (context_.clock.Now() >= caller_.deadline) {
        return absl::DeadlineExceededError("the audit log is too long for the call's deadline");
      }
      ASSIGN_OR_RETURN(
          const std::vector<AuditRow> rows,
          storage::ReadAuditChain(connection_, caller_.tenant, chain_.length(), kRowsAtOnce));
      if (rows.empty()) break;
      Follow(rows);
    }
    if (verdict_.problem.empty()) RETURN_IF_ERROR(CheckEnd());
    verdict_.checked = chain_.length();
    return std::move(verdict_);
  }

 private:
  void Broken(int64_t sequence, std::string problem) {
    verdict_.broken_sequence = sequence;
    verdict_.problem = std::move(problem);
  }

  void Follow(const std::vector<AuditRow>& rows) {
    for (const AuditRow& row : rows) {
      if (std::string problem = chain_.Add(row); !problem.empty()) {
        return Broken(row.sequence, std::move(problem));
      }
      if (chain_.length() == verdict_.end.sequence && chain_.last_hash() != verdict_.end.hash) {
        return Broken(row.sequence, "it is not the row that the end of the log was");
      }
    }
  }

  absl::Status CheckEnd() {
    if (chain_.length() < verdict_.end.sequence) {
      Broken(chain_.length() + 1, "rows are missing at the end");
    }
    if (chain_.length() <= verdict_.end.sequence) return absl::OkStatus();
    // What was written meanwhile is at the new end; what is past that too was not written by us.
    ASSIGN_OR_RETURN(const AuditHead now, storage::LoadAuditHead(connection_, caller_.tenant));
    if (chain_.length() > now.sequence) {
      Broken(now.sequence + 1, "rows were added past the end of the log");
    }
    return absl::OkStatus();
  }

  const IdentityContext& context_;
  const CallContext& caller_;
  Connection& connection_;
  AuditChain chain_;
  AuditVerdict verdict_;
};

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
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return Verification(context, caller, connection).Run(); });
}

}  // namespace penstock::interfaces
