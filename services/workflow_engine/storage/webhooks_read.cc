#include "services/workflow_engine/storage/webhooks_read.h"

#include <algorithm>

#include "libs/status/macros.h"
#include "services/workflow_engine/storage/id_range.h"
#include "services/workflow_engine/storage/payload_reader.h"
#include "services/workflow_engine/storage/webhook_read_queries.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

std::string TextOrEmpty(const Result& result, int row, int column) {
  return result.Get<std::optional<std::string>>(row, column).value_or("");
}

absl::StatusOr<DeliveryRecord> Read(const Result& result, int row, PayloadReader& payloads) {
  DeliveryRecord delivery{.id = result.Get<WebhookId>(row, 0),
                          .trigger_type = result.Get<std::string>(row, 1),
                          .action_type = result.Get<std::string>(row, 2),
                          .received_at = result.Get<absl::Time>(row, 3),
                          .payload = result.Get<std::string>(row, 4),
                          .headers = TextOrEmpty(result, row, 5),
                          .query = TextOrEmpty(result, row, 6),
                          .delivery_id = TextOrEmpty(result, row, 7),
                          .outcome = result.Get<std::string>(row, 8),
                          .executions = {},
                          .redelivery_of = result.Get<std::optional<WebhookId>>(row, 10)};
  for (const Uuid& id : result.Get<std::vector<Uuid>>(row, 9)) {
    delivery.executions.emplace_back(id);
  }
  RETURN_IF_ERROR(payloads.Resolve(delivery.payload));
  RETURN_IF_ERROR(payloads.Resolve(delivery.headers));
  RETURN_IF_ERROR(payloads.Resolve(delivery.query));
  return delivery;
}

Params FilterParams(TenantId tenant, const DeliveryFilter& filter, std::optional<WebhookId> before,
                    int limit) {
  IdRange ids = RangeAround(filter.received_from, filter.received_before);
  if (before) ids.before = std::min(ids.before, before->uuid());
  Params params;
  params.Add(tenant).Add(ids.from).Add(ids.before);
  params.Add(filter.received_from).Add(filter.received_before);
  params.Add(filter.trigger_type).Add(filter.action_type).Add(static_cast<int64_t>(limit));
  return params;
}

}  // namespace

absl::StatusOr<std::optional<DeliveryRecord>> FindDelivery(Connection& connection, TenantId tenant,
                                                           WebhookId id) {
  ASSIGN_OR_RETURN(Result result,
                   connection.Execute(queries::kGetDelivery, Params().Add(tenant).Add(id)));
  if (result.rows() == 0) return std::nullopt;
  PayloadReader payloads(connection, tenant);
  ASSIGN_OR_RETURN(DeliveryRecord delivery, Read(result, 0, payloads));
  return delivery;
}

absl::StatusOr<DeliveryRows> ListDeliveries(Connection& connection, TenantId tenant,
                                            const DeliveryFilter& filter,
                                            std::optional<WebhookId> before, int limit) {
  ASSIGN_OR_RETURN(Result result, connection.Execute(queries::kListDeliveries,
                                                     FilterParams(tenant, filter, before, limit)));
  DeliveryRows page;
  size_t bytes = 0;
  for (int row = 0; row < result.rows(); ++row) {
    // One reader each: a page of distinct large payloads is not kept twice.
    PayloadReader payloads(connection, tenant);
    ASSIGN_OR_RETURN(DeliveryRecord delivery, Read(result, row, payloads));
    bytes += delivery.payload.size() + delivery.headers.size() + delivery.query.size();
    page.deliveries.push_back(std::move(delivery));
    if (bytes > kDeliveryPageBytes) {
      page.cut_short = row + 1 < result.rows();
      break;
    }
  }
  return page;
}

absl::StatusOr<int> CountDeliveries(Connection& connection, TenantId tenant,
                                    const DeliveryFilter& filter, int limit) {
  ASSIGN_OR_RETURN(Result result,
                   connection.Execute(queries::kCountDeliveries,
                                      FilterParams(tenant, filter, std::nullopt, limit)));
  return static_cast<int>(result.Get<int64_t>(0, 0));
}

}  // namespace penstock::workflow_engine
