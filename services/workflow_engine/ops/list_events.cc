#include "services/workflow_engine/ops/list_events.h"

#include <charconv>
#include <cstdint>
#include <limits>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/scope.h"
#include "services/workflow_engine/storage/events_read.h"

namespace penstock::workflow_engine {
namespace {

std::string Describe(const EventFilter& filter) {
  std::string text =
      fmt::format("events {} {} {}", filter.workflow ? filter.workflow->ToString() : "*",
                  absl::FormatTime(absl::RFC3339_full, filter.from, absl::UTCTimeZone()),
                  absl::FormatTime(absl::RFC3339_full, filter.before, absl::UTCTimeZone()));
  for (const std::string& type : filter.types) text += json::Quoted(type);
  return text;
}

absl::StatusOr<int64_t> SequenceAt(std::string_view position) {
  if (position.empty()) return std::numeric_limits<int64_t>::max();
  int64_t sequence = 0;
  auto [end, error] = std::from_chars(position.data(), position.data() + position.size(), sequence);
  if (error != std::errc() || end != position.data() + position.size()) {
    return InvalidField("page_token", "is not one of ours");
  }
  return sequence;
}

}  // namespace

absl::StatusOr<EventPage> ListEvents(postgres::Pool& pool, const auth::CallContext& caller,
                                     const EventQuery& query) {
  const std::string list = Describe(query.filter);
  ASSIGN_OR_RETURN(int size, paging::PageSize(query.page_size));
  ASSIGN_OR_RETURN(std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(int64_t before, SequenceAt(position));

  EventPage page;
  RETURN_IF_ERROR(postgres::RunInTransaction(
      pool, ScopeOf(caller), [&](postgres::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(page.items,
                         ListEvents(connection, caller.tenant, query.filter, before, size + 1));
        ASSIGN_OR_RETURN(page.total_size, CountEvents(connection, caller.tenant, query.filter,
                                                      paging::kMaxCounted + 1));
        return absl::OkStatus();
      }));
  if (page.items.size() > static_cast<size_t>(size)) {
    page.items.resize(size);
    page.next_page_token = paging::MakePageToken(std::to_string(page.items.back().sequence), list);
  }
  return page;
}

}  // namespace penstock::workflow_engine
