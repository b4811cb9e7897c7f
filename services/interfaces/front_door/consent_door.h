// The two stops of a browser that gives consent to a third party (OAuth 2):
//
//   GET /oauth/start?ticket=...          sets a cookie and sends it on to the provider
//   GET /oauth/callback/{provider}?...   takes what the provider sent along; sends it on to where
//   it
//                                        came from, or says how it ended
//
// Ticket and code are credentials: neither is logged, repeated or kept. Nothing of a third party is
// on the pages, and no other site learns their address.
#pragma once

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "libs/auth/service_token.h"
#include "libs/clock/clock.h"
#include "libs/http/responder.h"
#include "libs/lifecycle/thread_pool.h"
#include "penstock/connector/v1/grant.grpc.pb.h"

namespace penstock::interfaces {

class ConsentDoor {
 public:
  // `connectors` leads to connector-service. All outlive the door and its last request.
  ConsentDoor(std::shared_ptr<grpc::Channel> connectors, const auth::ServiceTokens& tokens,
              lifecycle::ThreadPool& workers, const Clock& clock);

  void Open(const http::Request& request, http::Responder responder);
  void Complete(const http::Request& request, http::Responder responder);

 private:
  template <typename Answer>
  void OnWorker(http::Responder responder, Answer answer);
  http::Response Opened(const std::string& ticket) const;
  http::Response Completed(const connector::v1::CompleteAuthorizationRequest& request) const;

  const std::unique_ptr<connector::v1::GrantService::Stub> stub_;
  const auth::ServiceTokens& tokens_;
  lifecycle::ThreadPool& workers_;
  const Clock& clock_;
};

}  // namespace penstock::interfaces
