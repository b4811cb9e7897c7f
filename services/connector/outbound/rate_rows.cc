#include "services/connector/outbound/rate_rows.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/connector/outbound/queries.h"

namespace penstock::connector::storage {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

absl::StatusOr<Grant> TakeCalls(Connection& connection, const ConnectorKey& key,
                                const RateLimit& limit, int wanted, absl::Duration patience) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(outbound::kTakeCalls,
                                                        Params()
                                                            .Add(key.tenant)
                                                            .Add(key.connector)
                                                            .Add(limit.calls_per_second)
                                                            .Add(limit.burst)
                                                            .Add(int32_t{wanted})
                                                            .Add(absl::ToDoubleSeconds(patience))));
  return Grant{.calls = row.Get<int32_t>(0, 0), .wait = absl::Seconds(row.Get<double>(0, 1))};
}

absl::StatusOr<absl::Duration> LoadBlock(Connection& connection, const ConnectorKey& key) {
  ASSIGN_OR_RETURN(
      const Result row,
      connection.Execute(outbound::kLoadBlock, Params().Add(key.tenant).Add(key.connector)));
  return row.rows() == 0 ? absl::ZeroDuration() : absl::Seconds(row.Get<double>(0, 0));
}

absl::Status BlockCalls(Connection& connection, const ConnectorKey& key, absl::Duration duration) {
  return connection
      .Execute(outbound::kBlockCalls,
               Params().Add(key.tenant).Add(key.connector).Add(absl::ToDoubleSeconds(duration)))
      .status();
}

}  // namespace penstock::connector::storage
