// What /api/v1 serves: the services that have paths, and where each runs. Of them every RPC has one
// that is not for our own services only.
#pragma once

#include <memory>
#include <vector>

#include "grpcpp/channel.h"
#include "services/interfaces/front_door/rest_door.h"

namespace penstock::interfaces {

struct ApiChannels {
  std::shared_ptr<grpc::Channel> connectors;
  std::shared_ptr<grpc::Channel> scheduler;
};

std::vector<RestDoor::Backend> ApiBackends(const ApiChannels& channels);

}  // namespace penstock::interfaces
