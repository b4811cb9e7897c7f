// What row-level security costs: W1 as shipped, and with the policies of all tables switched off, in
// turns on the same processes and the same database.
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/webhooks.h"
#include "tests/bench/workflows.h"

namespace penstock::bench {
namespace {

constexpr int kInFlight = 64;

// Switches it for every table that has policies. Sessions notice: cached plans are made anew.
class RowSecurity {
 public:
  static absl::StatusOr<RowSecurity> Find(harness::Deployment& deployment) {
    static constexpr postgres::Statement kTables{"isolated_tables", R"sql(
      SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relrowsecurity ORDER BY 1)sql"};
    ASSIGN_OR_RETURN(std::unique_ptr<postgres::Connection> connection,
                     postgres::Connection::Open(deployment.DatabaseConninfo(), absl::Seconds(10)));
    ASSIGN_OR_RETURN(postgres::Result rows, connection->Execute(kTables));
    if (rows.rows() == 0) return absl::InternalError("no table has row-level security");
    std::vector<std::string> tables;
    for (int r = 0; r < rows.rows(); ++r) tables.push_back(rows.Get<std::string>(r, 0));
    return RowSecurity(std::move(connection), std::move(tables));
  }

  absl::Status Switch(bool on) {
    std::string script = "BEGIN;";
    for (const std::string& table : tables_) {
      script += fmt::format("ALTER TABLE {} {} ROW LEVEL SECURITY;", table, on ? "ENABLE" : "DISABLE");
    }
    return connection_->ExecuteScript(script + "COMMIT");
  }

 private:
  RowSecurity(std::unique_ptr<postgres::Connection> connection, std::vector<std::string> tables)
      : connection_(std::move(connection)), tables_(std::move(tables)) {}

  std::unique_ptr<postgres::Connection> connection_;
  std::vector<std::string> tables_;
};

// With over without, of the values that the comparison is about.
Figure RatioOf(const Figure& with, const Figure& without) {
  Figure ratio{"W1", "with / without", {}};
  for (const char* name : {"per_second", "cpu_ms_each", "cpu_postgres_ms_each"}) {
    const double *above = with.Find(name), *below = without.Find(name);
    if (above != nullptr && below != nullptr) ratio.Set(fmt::format("{}_ratio", name), *above / *below);
  }
  return ratio;
}

}  // namespace

absl::Status MeasureRowSecurity(Bench& bench) {
  RETURN_IF_ERROR(bench.Publish(WebhookFunctionResponse()).status());
  ASSIGN_OR_RETURN(RowSecurity row_security, RowSecurity::Find(bench.deployment()));
  Bench::Load load = ClosedWebhookLoad(bench, kInFlight);
  RETURN_IF_ERROR(load(bench.options().seconds).status());
  std::vector<Figure> with, without, ratios;
  auto measure = [&](bool on) -> absl::Status {
    RETURN_IF_ERROR(row_security.Switch(on));
    RETURN_IF_ERROR(load(bench.options().seconds * 0.2).status());
    ASSIGN_OR_RETURN(Figure figure,
                     bench.MeasureOnce("W1", on ? "row security on" : "row security off",
                                       bench.options().seconds, load));
    bench.Print(figure);
    (on ? with : without).push_back(std::move(figure));
    return absl::OkStatus();
  };
  for (int pair = 0; pair < bench.options().repeats; ++pair) {
    // Each is first in every other pair, so that what drifts (caches, other work, tables that grow)
    // favours neither.
    const bool on_first = pair % 2 == 0;
    RETURN_IF_ERROR(measure(on_first));
    RETURN_IF_ERROR(measure(!on_first));
    ratios.push_back(RatioOf(with.back(), without.back()));
  }
  RETURN_IF_ERROR(row_security.Switch(true));
  for (const std::vector<Figure>* figures : {&with, &without, &ratios}) {
    Figure median = MedianOf(*figures);
    median.variant += ", median";
    bench.Print(median);
  }
  return absl::OkStatus();
}

}  // namespace penstock::bench
