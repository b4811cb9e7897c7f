// Reading pages of data and performing actions, on top of single calls.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/egress/http.h"
#include "services/connector/ops/api_specs.h"
#include "services/connector/ops/connector_calls.h"

namespace penstock::connector {

inline constexpr int kMaxPages = 100;

struct FetchRequest {
  ThirdPartyCall call;
  int max_pages = 1;
};

struct FetchResult {
  // The last page's; with several pages its body is a JSON array of all items.
  egress::HttpResponse answer;
  int pages = 1;
  bool has_more = false;
};

// INVALID_ARGUMENT (max_pages) when the service is not known to page.
absl::StatusOr<FetchResult> FetchData(const CallingContext& context,
                                      const auth::CallContext& caller, const FetchRequest& request);

struct ActionRequest {
  ConnectorId connector;
  std::string action_name;
  std::string payload;  // JSON text; empty = none
  // Replace what the name alone means; empty = that.
  std::string method, resource_path;
  std::vector<std::pair<std::string, std::string>> query;
  egress::Headers headers;
  std::string idempotency_key;
  bool accept_error_status = false;
  std::string execution_id;
  lifecycle::Cancellation* gone = nullptr;  // as ThirdPartyCall's
};

struct ActionResult {
  egress::HttpResponse answer;
  // In what the answer differs from api_spec.
  std::vector<std::string> warnings;
};

// An operation of api_spec by its name, its payload checked before anything is sent; any other name
// is POST /actions/{name} with the payload as JSON body, unless method or path are given.
absl::StatusOr<ActionResult> PerformAction(const CallingContext& context, ApiSpecs& specs,
                                           const auth::CallContext& caller,
                                           const ActionRequest& request);
absl::StatusOr<egress::HttpRequest> PrepareAction(const CallingContext& context, ApiSpecs& specs,
                                                  const auth::CallContext& caller,
                                                  const ActionRequest& request);

}  // namespace penstock::connector
