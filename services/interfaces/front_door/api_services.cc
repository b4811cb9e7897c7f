#include "services/interfaces/front_door/api_services.h"

#include "penstock/connector/v1/connector.pb.h"
#include "penstock/connector/v1/credential_audit.pb.h"
#include "penstock/connector/v1/grant.pb.h"
#include "penstock/connector/v1/key.pb.h"
#include "penstock/connector/v1/project_connector.pb.h"
#include "penstock/connector/v1/provider.pb.h"
#include "penstock/scheduler/v1/schedule.pb.h"

namespace penstock::interfaces {

std::vector<RestDoor::Backend> ApiBackends(const ApiChannels& channels) {
  // A message of each file stands for the file.
  struct File {
    const google::protobuf::Descriptor* message;
    const std::shared_ptr<grpc::Channel>& channel;
  };
  const File files[] = {
      {connector::v1::Connector::descriptor(), channels.connectors},
      {connector::v1::Provider::descriptor(), channels.connectors},
      {connector::v1::Grant::descriptor(), channels.connectors},
      {connector::v1::CredentialUse::descriptor(), channels.connectors},
      {connector::v1::KeyStatus::descriptor(), channels.connectors},
      {connector::v1::ProjectConnector::descriptor(), channels.connectors},
      {scheduler::v1::Schedule::descriptor(), channels.scheduler},
  };
  std::vector<RestDoor::Backend> backends;
  for (const File& file : files) {
    const google::protobuf::FileDescriptor& services = *file.message->file();
    for (int i = 0; i < services.service_count(); ++i) {
      backends.push_back({services.service(i), file.channel});
    }
  }
  return backends;
}

}  // namespace penstock::interfaces
