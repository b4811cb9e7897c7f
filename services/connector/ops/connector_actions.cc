#include "services/connector/ops/connector_actions.h"

#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/openapi/request.h"
#include "services/connector/openapi/response.h"
#include "services/connector/outbound/pagination.h"

namespace penstock::connector {
namespace {

using auth::CallContext;

constexpr char kJson[] = "application/json";

absl::StatusOr<Pagination> PaginationOf(const KnownConnector& known) {
  std::string text;
  if (known.connector.pagination) {
    text = *known.connector.pagination;
  } else if (known.provider && known.provider->has_pagination()) {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    if (!google::protobuf::util::MessageToJsonString(known.provider->pagination(), &text, options)
             .ok()) {
      return absl::InternalError("a provider's pagination can't be read");
    }
  }
  if (text.empty()) return Pagination();
  return ParsePagination(Json::parse(text));
}

// Follows the pages; what is left of the last answer is its status and headers.
absl::StatusOr<FetchResult> FetchPages(const CallingContext& context, const CallContext& caller,
                                       const FetchRequest& request, PageWalk walk) {
  Json items = Json::array();
  FetchResult result;
  while (walk.next()) {
    ASSIGN_OR_RETURN(result.answer, SendRequest(context, caller, request.call, *walk.next()));
    ASSIGN_OR_RETURN(std::vector<Json> page, walk.Take(result.answer));
    for (Json& item : page) items.push_back(std::move(item));
  }
  if (result.answer.status < 400) result.answer.body = items.dump();
  result.pages = walk.pages();
  result.has_more = walk.truncated();
  return result;
}

// POST /actions/{name} unless the caller says otherwise.
ApiRequest PlainRequest(const ActionRequest& asked) {
  ApiRequest request{.method = asked.method.empty() ? "POST" : asked.method,
                     .resource_path = asked.resource_path,
                     .query = asked.query,
                     .headers = asked.headers};
  if (request.resource_path.empty()) request.resource_path = "/actions/" + asked.action_name;
  if (!asked.payload.empty()) {
    request.body = asked.payload;
    request.content_type = kJson;
  }
  return request;
}

struct Prepared {
  ThirdPartyCall call;
  std::shared_ptr<const openapi::ApiSpec> spec;
  const openapi::Operation* operation = nullptr;  // of `spec`; null when the action is none of it
};

absl::StatusOr<Prepared> Prepare(const CallingContext& context, ApiSpecs& specs,
                                 const CallContext& caller, const ActionRequest& asked) {
  if (asked.action_name.empty() && asked.resource_path.empty()) {
    return InvalidField("action_name", "is needed, or a resource_path");
  }
  ASSIGN_OR_RETURN(const auto known, context.known.Get(caller, asked.connector));
  Prepared prepared{.call = {.connector = asked.connector,
                             .purpose = Purpose::kAction,
                             .idempotency_key = asked.idempotency_key,
                             .accept_error_status = asked.accept_error_status,
                             .execution_id = asked.execution_id,
                             .gone = asked.gone}};
  ASSIGN_OR_RETURN(prepared.spec, specs.Get(known->connector));
  prepared.operation = prepared.spec->Find(asked.action_name);
  if (prepared.operation == nullptr) {
    prepared.call.request = PlainRequest(asked);
    return prepared;
  }
  if (!asked.method.empty() || !asked.resource_path.empty()) {
    return InvalidField(asked.method.empty() ? "resource_path" : "method",
                        "is what api_spec says of this action: leave it out");
  }
  const Json payload = asked.payload.empty() ? Json::object() : Json::parse(asked.payload);
  ASSIGN_OR_RETURN(openapi::StructuredRequest built,
                   openapi::BuildRequest(*prepared.operation, payload));
  prepared.call.request = {.method = std::move(built.method),
                           .resource_path = std::move(built.resource_path),
                           .query = std::move(built.query),
                           .headers = std::move(built.headers),
                           .body = std::move(built.body),
                           .content_type = std::move(built.content_type)};
  ApiRequest& request = prepared.call.request;
  request.query.insert(request.query.end(), asked.query.begin(), asked.query.end());
  request.headers.insert(request.headers.end(), asked.headers.begin(), asked.headers.end());
  return prepared;
}

}  // namespace

absl::StatusOr<FetchResult> FetchData(const CallingContext& context, const CallContext& caller,
                                      const FetchRequest& request) {
  if (request.max_pages <= 1) {
    FetchResult result;
    ASSIGN_OR_RETURN(result.answer, CallThirdParty(context, caller, request.call));
    return result;
  }
  ASSIGN_OR_RETURN(const auto known, context.known.Get(caller, request.call.connector));
  ASSIGN_OR_RETURN(Pagination pagination, PaginationOf(*known));
  if (pagination.style == PaginationStyle::kNone) {
    return InvalidField("max_pages",
                        "how this service pages is not known: set the connector's pagination");
  }
  ASSIGN_OR_RETURN(egress::HttpRequest first, BuildRequest(*known, request.call));
  return FetchPages(context, caller, request,
                    PageWalk(std::move(pagination), known->target, std::move(first),
                             {.pages = request.max_pages}));
}

absl::StatusOr<ActionResult> PerformAction(const CallingContext& context, ApiSpecs& specs,
                                           const CallContext& caller,
                                           const ActionRequest& request) {
  ASSIGN_OR_RETURN(const Prepared prepared, Prepare(context, specs, caller, request));
  ActionResult result;
  ASSIGN_OR_RETURN(result.answer, CallThirdParty(context, caller, prepared.call));
  if (prepared.operation != nullptr) {
    for (const auto& violation :
         openapi::CheckResponse(*prepared.operation, result.answer.status, result.answer.body)) {
      result.warnings.push_back(fmt::format("{}: {}", violation.instance_path, violation.message));
    }
  }
  return result;
}

absl::StatusOr<egress::HttpRequest> PrepareAction(const CallingContext& context, ApiSpecs& specs,
                                                  const CallContext& caller,
                                                  const ActionRequest& request) {
  ASSIGN_OR_RETURN(const Prepared prepared, Prepare(context, specs, caller, request));
  return PrepareOnly(context, caller, prepared.call);
}

}  // namespace penstock::connector
