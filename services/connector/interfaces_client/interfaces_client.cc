#include "services/connector/interfaces_client/interfaces_client.h"

#include <utility>

#include "libs/grpc/channel.h"
#include "libs/status/details.h"

namespace penstock::connector {

using interfaces::v1::ServiceInterfaceService;
using Async = ServiceInterfaceService::StubInterface::async_interface;

InterfacesClient::InterfacesClient(const std::shared_ptr<grpc::Channel>& channel,
                                   const auth::ServiceTokens& tokens)
    : tokens_(tokens), stub_(ServiceInterfaceService::NewStub(channel)) {}

void InterfacesClient::Invoke(const auth::CallContext& caller, Request request, Done done) {
  Async* stub = stub_->async();
  calls_.Send<Async, Request, Response>(
      stub, &Async::InvokeServiceInterface, std::move(request),
      [&](grpc::ClientContext& context) { rpc::PrepareCall(context, tokens_, caller); },
      [done = std::move(done)](absl::StatusOr<Response> response) {
        // gRPC's own words about the connection name addresses; the caller gets ours.
        if (absl::IsUnavailable(response.status()) && ReasonOf(response.status()).empty()) {
          return done(WithReason(absl::UnavailableError("interfaces-service can't be reached"),
                                 "INTERFACES_UNREACHABLE"));
        }
        done(std::move(response));
      });
}

}  // namespace penstock::connector
