#include "services/workflow_engine/ops/list_deliveries.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/id_position.h"
#include "services/workflow_engine/ops/scope.h"
#include "services/workflow_engine/storage/webhooks_read.h"

namespace penstock::workflow_engine {
namespace {

std::string Describe(const DeliveryFilter& filter) {
  return fmt::format(
      "deliveries {} {} {} {}", json::Quoted(filter.trigger_type), json::Quoted(filter.action_type),
      absl::FormatTime(absl::RFC3339_full, filter.received_from, absl::UTCTimeZone()),
      absl::FormatTime(absl::RFC3339_full, filter.received_before, absl::UTCTimeZone()));
}

absl::StatusOr<std::optional<DeliveryRecord>> Find(postgres::Pool& pool,
                                                   const auth::CallContext& caller, WebhookId id) {
  return postgres::RunInTransactionReturning<std::optional<DeliveryRecord>>(
      pool, ScopeOf(caller), [&](postgres::Connection& connection) {
        return FindDelivery(connection, caller.tenant, id);
      });
}

absl::StatusOr<DeliveryPage> PageOfOne(postgres::Pool& pool, const auth::CallContext& caller,
                                       WebhookId id) {
  ASSIGN_OR_RETURN(std::optional<DeliveryRecord> found, Find(pool, caller, id));
  DeliveryPage page;
  if (found) page.items.push_back(*std::move(found));
  page.total_size = static_cast<int>(page.items.size());
  return page;
}

}  // namespace

absl::StatusOr<DeliveryPage> ListDeliveries(postgres::Pool& pool, const auth::CallContext& caller,
                                            const DeliveryQuery& query) {
  if (query.id) return PageOfOne(pool, caller, *query.id);
  const DeliveryFilter& filter = query.filter;
  const std::string list = Describe(filter);
  ASSIGN_OR_RETURN(int size, paging::PageSize(query.page_size));
  ASSIGN_OR_RETURN(std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(std::optional<WebhookId> before, IdAt<WebhookId>(position));

  DeliveryRows found;
  DeliveryPage page;
  RETURN_IF_ERROR(postgres::RunInTransaction(
      pool, ScopeOf(caller), [&](postgres::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(found,
                         ListDeliveries(connection, caller.tenant, filter, before, size + 1));
        ASSIGN_OR_RETURN(page.total_size, CountDeliveries(connection, caller.tenant, filter,
                                                          paging::kMaxCounted + 1));
        return absl::OkStatus();
      }));
  bool more = found.cut_short || found.deliveries.size() > static_cast<size_t>(size);
  if (found.deliveries.size() > static_cast<size_t>(size)) found.deliveries.resize(size);
  page.items = std::move(found.deliveries);
  if (more) page.next_page_token = paging::MakePageToken(PositionOf(page.items.back().id), list);
  return page;
}

absl::StatusOr<DeliveryRecord> GetDelivery(postgres::Pool& pool, const auth::CallContext& caller,
                                           WebhookId id) {
  ASSIGN_OR_RETURN(std::optional<DeliveryRecord> found, Find(pool, caller, id));
  if (!found) return absl::NotFoundError(fmt::format("no delivery {}", id.ToString()));
  return *std::move(found);
}

}  // namespace penstock::workflow_engine
