// What grpcurl relies on: every service lists, describes and answers.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/e2e/reflection.grpc.pb.h"
#include "tests/e2e/workbench.h"

namespace penstock::e2e {
namespace {

namespace reflection = grpc::reflection::v1alpha;

reflection::ServerReflectionResponse Ask(const std::shared_ptr<grpc::Channel>& channel,
                                         const reflection::ServerReflectionRequest& request) {
  auto stub = reflection::ServerReflection::NewStub(channel);
  grpc::ClientContext context;
  auto stream = stub->ServerReflectionInfo(&context);
  stream->Write(request);
  stream->WritesDone();
  reflection::ServerReflectionResponse response;
  REQUIRE(stream->Read(&response));
  REQUIRE(stream->Finish().ok());
  return response;
}

std::set<std::string> ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  reflection::ServerReflectionRequest request;
  request.set_list_services("*");
  reflection::ServerReflectionResponse response = Ask(channel, request);
  std::set<std::string> names;
  for (const auto& service : response.list_services_response().service()) {
    names.insert(service.name());
  }
  return names;
}

google::protobuf::ServiceDescriptorProto Describe(const std::shared_ptr<grpc::Channel>& channel,
                                                  const std::string& service) {
  reflection::ServerReflectionRequest request;
  request.set_file_containing_symbol(service);
  reflection::ServerReflectionResponse response = Ask(channel, request);
  INFO(response.error_response().error_message());
  for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    REQUIRE(file.ParseFromString(bytes));
    for (const auto& found : file.service()) {
      if (file.package() + "." + found.name() == service) return found;
    }
  }
  FAIL("no descriptor of " << service);
  return {};
}

grpc::Status CallEmpty(const Clients& clients, const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& method) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  clients.Prepare(context);
  grpc::Slice nothing("");
  grpc::ByteBuffer request(&nothing, 1), response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, method, {}, &request, &response, [&](grpc::Status result) {
    status = result;
    done.Notify();
  });
  done.WaitForNotification();
  return status;
}

void CheckService(const Clients& clients, const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& service) {
  google::protobuf::ServiceDescriptorProto descriptor = Describe(channel, service);
  CHECK(descriptor.method_size() > 0);
  for (const auto& method : descriptor.method()) {
    if (method.server_streaming() || method.client_streaming()) continue;
    std::string name = fmt::format("/{}/{}", service, method.name());
    grpc::Status status = CallEmpty(clients, channel, name);
    INFO(name << ": " << status.error_code() << " " << status.error_message());
    CHECK(status.error_code() != grpc::StatusCode::UNIMPLEMENTED);
    CHECK(status.error_code() != grpc::StatusCode::UNKNOWN);
    CHECK(status.error_code() != grpc::StatusCode::INTERNAL);
    CHECK(status.error_code() != grpc::StatusCode::UNAVAILABLE);
  }
}

TEST_CASE("every service of the engine lists, describes and answers every method") {
  Clients& clients = SharedDeployment().clients();
  std::set<std::string> services = ListServices(clients.engine_channel());
  for (const char* service :
       {"penstock.workflow.v1.WorkflowService", "penstock.workflow.v1.ExecutionService",
        "penstock.workflow.v1.EventService", "penstock.workflow.v1.IngressService"}) {
    INFO(service);
    REQUIRE(services.contains(service));
    CheckService(clients, clients.engine_channel(), service);
  }
}

TEST_CASE("every service of interfaces-service lists, describes and answers every method") {
  Clients& clients = SharedDeployment().clients();
  std::set<std::string> services = ListServices(clients.interfaces_channel());
  for (const char* service :
       {"penstock.interfaces.v1.WebhookService",
        "penstock.interfaces.v1.ServiceInterfaceService", "penstock.tenancy.v1.AuthService",
        "penstock.tenancy.v1.UserService", "penstock.tenancy.v1.ProjectService",
        "penstock.tenancy.v1.ApiKeyService", "penstock.tenancy.v1.TenantService",
        "penstock.tenancy.v1.AuditService"}) {
    INFO(service);
    REQUIRE(services.contains(service));
    CheckService(clients, clients.interfaces_channel(), service);
  }
}

TEST_CASE("every service of connector-service lists, describes and answers every method") {
  Clients& clients = SharedDeployment().clients();
  std::set<std::string> services = ListServices(clients.connectors_channel());
  for (const char* service :
       {"penstock.connector.v1.ConnectorService", "penstock.connector.v1.ProviderService",
        "penstock.connector.v1.GrantService", "penstock.connector.v1.KeyService",
        "penstock.connector.v1.CredentialAuditService",
        "penstock.connector.v1.ProjectConnectorService"}) {
    INFO(service);
    REQUIRE(services.contains(service));
    CheckService(clients, clients.connectors_channel(), service);
  }
}

TEST_CASE("calls between services are not for callers with a key") {
  Clients& clients = SharedDeployment().clients();
  grpc::Status status = CallEmpty(clients, clients.engine_channel(),
                                  "/penstock.workflow.v1.IngressService/ListDeliveries");
  CHECK((status.error_code() == grpc::StatusCode::PERMISSION_DENIED ||
         status.error_code() == grpc::StatusCode::UNAUTHENTICATED));
}

}  // namespace
}  // namespace penstock::e2e
