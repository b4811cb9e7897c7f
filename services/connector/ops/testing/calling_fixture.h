// A tenant with a connector of one secret, as two replicas know it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libs/lifecycle/cancellation.h"
#include "libs/testing/check.h"
#include "services/connector/credentials/testing/credential_fixture.h"
#include "services/connector/ops/connectors.h"
#include "services/connector/ops/testing/calling.h"

namespace penstock::connector::testing {

class CallingFixture : public CredentialFixture {
 public:
  static constexpr char kSecret[] = "planted-token";

  CallingFixture() { caller.tenant = tenant; }

  // Of bearer tokens, at this address.
  Connector Create(const std::string& base_url) {
    NewConnector asked;
    asked.connector.name = "api";
    asked.connector.service_name = "example";
    asked.connector.auth_type = "bearer";
    asked.connector.base_url = base_url;
    asked.secrets.emplace("token", crypto::Secret(kSecret));
    return Check(CreateConnector(here.connectors, caller, std::move(asked)), "create").connector;
  }

  // By this replica: it alone is told.
  void Change(Calling& by, ConnectorId id, ConnectorChange change) {
    change.connector.id = id;
    Check(UpdateConnector(by.connectors, caller, std::move(change)).status(), "update");
    by.known.Forget(tenant, id);
  }

  absl::StatusOr<egress::HttpResponse> Call(Calling& by, ConnectorId id, const std::string& path,
                                            lifecycle::Cancellation* gone = nullptr) {
    ThirdPartyCall call{.connector = id, .request = {.resource_path = path}, .gone = gone};
    auth::CallContext asks = caller;
    asks.deadline = by.connectors.clock.Now() + absl::Seconds(30);
    return CallThirdParty(by.context, asks, call);
  }

  Connector Read(ConnectorId id) {
    return Check(GetConnector(here.connectors, caller, id), "get").connector;
  }

  // Outcomes on record, oldest first: "succeeded 200".
  std::vector<std::string> Outcomes() {
    Check(replica->recorder.Flush(absl::Now() + absl::Seconds(30))
              ? absl::OkStatus()
              : absl::DeadlineExceededError("flush"),
          "write the outcomes");
    auto superuser = database.ConnectAsSuperuser();
    const postgres::Result rows = Check(
        superuser->Execute({"outcomes",
                            "SELECT result || ' ' || http_status FROM connector.credential_audit "
                            "WHERE event = 'outcome' ORDER BY sequence"}),
        "outcomes");
    std::vector<std::string> outcomes;
    for (int r = 0; r < rows.rows(); ++r) outcomes.push_back(rows.Get<std::string>(r, 0));
    return outcomes;
  }

  auth::CallContext caller;
  ShiftedClock time;
  NoTokens no_tokens;
  Calling here{*replica->pool, store(), no_tokens, time, 1};
  Calling elsewhere{*replica->pool, store(), no_tokens, time, 1};
};

}  // namespace penstock::connector::testing
