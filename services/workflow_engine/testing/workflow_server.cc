#include "services/workflow_engine/testing/workflow_server.h"

#include <utility>

#include "fmt/format.h"
#include "libs/auth/api_key_store.h"
#include "libs/auth/role_table.h"
#include "libs/testing/check.h"
#include "services/workflow_engine/nodes/builtin.h"

namespace penstock::workflow_engine {

using testing::Check;

absl::Status CompilerOnly::Submit(sandbox::Evaluation evaluation, Callback done) {
  if (!evaluation.compile_only) testing::Fail("sandbox", "a definition's code was run");
  sandbox::Outcome outcome;
  outcome.kind = sandbox::OutcomeKind::kValue;
  if (evaluation.script->source().find("syntax error") != std::string::npos) {
    outcome.kind = sandbox::OutcomeKind::kInvalid;
    outcome.error_name = "SyntaxError";
    outcome.error_message = "missing ; before statement";
  }
  done(std::move(outcome));
  return absl::OkStatus();
}

namespace {

rpc::ServerOptions AnyPort() {
  rpc::ServerOptions options;
  options.address = "127.0.0.1:0";
  return options;
}

}  // namespace

WorkflowServer::WorkflowServer()
    : pool_(Check(postgres::Pool::Create({.conninfo = database_.Conninfo(postgres::Role::kServer),
                                          .max_connections = 8,
                                          .acquire_timeout = absl::Seconds(30)}),
                  "pool")),
      readiness_({"test"}),
      workers_({.name = "worker", .threads = 8, .max_queued = 1000}),
      api_keys_(auth::FindApiKeyIn(*pool_), clock_),
      authenticator_({&api_keys_}),
      node_types_(BuiltinNodeTypes()),
      serving_(authenticator_, auth::PenstockRoles(), workers_, registry_, clock_),
      service_({.serving = serving_,
                .server_pool = *pool_,
                .node_types = node_types_,
                .sandbox = sandbox_,
                .clock = clock_,
                .routes_changed = [this](TenantId tenant) {
                  absl::MutexLock lock(&mutex_);
                  if (listener_) listener_(tenant);
                }}) {
  readiness_.Set("test", absl::OkStatus());
  server_ = Check(rpc::Server::Create(AnyPort(), {&service_}, readiness_), "server");
  stub_ = workflow::v1::WorkflowService::NewStub(grpc::CreateChannel(
      fmt::format("127.0.0.1:{}", server_->port()), grpc::InsecureChannelCredentials()));
}

WorkflowServer::~WorkflowServer() { server_->Drain(absl::ZeroDuration()); }

testing::TestTenant WorkflowServer::AddTenant(const std::string& slug) {
  return testing::CreateTenant(database_, slug);
}

std::string WorkflowServer::Ask(const std::string& sql) {
  auto superuser = database_.ConnectAsSuperuser();
  const postgres::Result row = Check(superuser->Execute({"ask", sql.c_str()}), sql);
  return row.rows() == 0 ? "" : row.Get<std::string>(0, 0);
}

void WorkflowServer::Run(const std::string& sql) {
  Check(database_.ConnectAsSuperuser()->ExecuteScript(sql), sql);
}

void WorkflowServer::OnRoutesChanged(std::function<void(TenantId)> listener) {
  absl::MutexLock lock(&mutex_);
  listener_ = std::move(listener);
}

}  // namespace penstock::workflow_engine
