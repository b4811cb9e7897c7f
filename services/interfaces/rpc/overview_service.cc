#include "services/interfaces/rpc/overview_service.h"

#include "libs/grpc/serve.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_overview.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* OverviewService::GetOverview(grpc::CallbackServerContext* context,
                                                       const v1::GetOverviewRequest* request,
                                                       v1::Overview* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.OverviewService/GetOverview", request, response,
      [this](const CallContext& caller,
             const v1::GetOverviewRequest&) -> absl::StatusOr<v1::Overview> {
        ASSIGN_OR_RETURN(const Overview overview, interfaces::GetOverview(context_, caller));
        return ToProto(overview);
      });
}

}  // namespace penstock::interfaces
