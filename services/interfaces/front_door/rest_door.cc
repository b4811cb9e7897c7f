#include "services/interfaces/front_door/rest_door.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "grpcpp/support/stub_options.h"
#include "libs/http/problem.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "libs/transcoding/error.h"
#include "libs/transcoding/openapi.h"
#include "libs/transcoding/request.h"
#include "libs/transcoding/response.h"

namespace penstock::interfaces {
namespace {

using google::protobuf::Message;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kPrefix = "/api/";
constexpr char kOpenApiPath[] = "/api/v1/openapi.json";
// A JSON of this size is read in a fraction of a millisecond; larger ones would hold up webhooks.
constexpr size_t kReadHere = 16 * 1024;
// Label of requests that no RPC serves.
constexpr char kNoRpc[] = "none";

bool IsJson(std::string_view content_type) {
  const size_t end = std::min(content_type.find(';'), content_type.size());
  const absl::string_view type =
      absl::StripAsciiWhitespace(absl::string_view(content_type.data(), end));
  return absl::EqualsIgnoreCase(type, "application/json");
}

grpc::ByteBuffer BufferOf(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

absl::StatusOr<std::unique_ptr<Message>> ParseAnswer(const transcoding::Binding& binding,
                                                     const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  std::unique_ptr<Message> message(google::protobuf::MessageFactory::generated_factory()
                                       ->GetPrototype(binding.method->output_type())
                                       ->New());
  if (!buffer.DumpToSingleSlice(&slice).ok() ||
      !message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    return absl::InternalError("the answer could not be read");
  }
  return message;
}

}  // namespace

// One request from its arrival to its answer. What it views stays until it is answered.
struct RestDoor::Call {
  Call(const Request& request, http::Responder responder, std::string origin, absl::Time since)
      : request(request),
        responder(std::move(responder)),
        request_id(request.request_id),
        origin(std::move(origin)),
        since(since) {}

  const Request request;
  http::Responder responder;
  const std::string request_id;
  const std::string origin;
  const absl::Time since;
  const transcoding::Binding* binding = nullptr;
  std::vector<std::string_view> path_values;
  std::string rpc = kNoRpc;
  grpc::ClientContext context;
  grpc::ByteBuffer sent, received;
};

absl::StatusOr<std::unique_ptr<RestDoor>> RestDoor::Create(const std::vector<Backend>& backends,
                                                           lifecycle::ThreadPool& readers,
                                                           metrics::Registry& registry,
                                                           const Clock& clock, Options options) {
  std::vector<transcoding::Binding> all;
  for (const Backend& backend : backends) {
    ASSIGN_OR_RETURN(std::vector<transcoding::Binding> bindings,
                     transcoding::BindingsOf(*backend.service));
    for (transcoding::Binding& binding : bindings) all.push_back(std::move(binding));
  }
  ASSIGN_OR_RETURN(transcoding::RouteTable routes, transcoding::RouteTable::Create(std::move(all)));
  return std::unique_ptr<RestDoor>(
      new RestDoor(std::move(routes), backends, readers, registry, clock, std::move(options)));
}

RestDoor::RestDoor(transcoding::RouteTable routes, const std::vector<Backend>& backends,
                   lifecycle::ThreadPool& readers, metrics::Registry& registry, const Clock& clock,
                   Options options)
    : routes_(std::move(routes)),
      options_(std::move(options)),
      readers_(readers),
      registry_(registry),
      clock_(clock),
      openapi_(transcoding::OpenApiOf(routes_, {.title = "Penstock", .version = "v1"})),
      in_flight_(registry.Gauge("penstock_rest_in_flight",
                                "Requests of the API whose RPC has not answered yet.")) {
  for (const Backend& backend : backends) {
    stubs_[backend.service] = std::make_unique<grpc::GenericStub>(backend.channel);
  }
}

RestDoor::~RestDoor() { Stop(); }

bool RestDoor::Serves(std::string_view path) { return path.starts_with(kPrefix); }

void RestDoor::Handle(const Request& request, http::Responder responder) {
  auto call = std::make_shared<Call>(request, std::move(responder),
                                     options_.cors.AllowedOrigin(request), clock_.Now());
  const bool is_read = request.method == Method::kGet || request.method == Method::kHead;
  if (request.path == kOpenApiPath && is_read) return Answer(*call, {.body = openapi_});
  transcoding::RouteTable::Found found = routes_.Find(request.method, request.path);
  if (found.binding == nullptr) return AnswerUnserved(*call, found.methods);
  call->binding = found.binding;
  call->rpc = found.binding->rpc();
  call->path_values = std::move(found.values);
  auto start = [this, call] {
    const absl::Status started = Start(call);
    if (!started.ok()) Answer(*call, transcoding::ProblemOfRequest(started, call->request_id));
  };
  if (request.body.size() <= kReadHere) return start();
  const absl::Status taken = readers_.Submit(start);
  if (!taken.ok()) Answer(*call, transcoding::ProblemOfRequest(taken, call->request_id));
}

absl::Status RestDoor::Start(const std::shared_ptr<Call>& call) {
  const Request& request = call->request;
  const std::string_view type = request.FindHeader("content-type");
  if (!request.body.empty() && !type.empty() && !IsJson(type)) {
    Answer(*call, http::ProblemResponse({.status = 415,
                                         .code = "UNSUPPORTED_MEDIA_TYPE",
                                         .detail = "Send application/json.",
                                         .request_id = call->request_id}));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const absl::Duration timeout, TimeoutOf(request, options_.timeouts));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Message> message,
      transcoding::MakeRequest(*call->binding, {call->path_values, request.query, request.body}));
  RETURN_IF_ERROR(PrepareCall(request, call->since + timeout, call->context));
  call->sent = BufferOf(*message);
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return absl::UnavailableError("The server is stopping.");
    under_way_.insert(call);
    in_flight_.Set(static_cast<double>(under_way_.size()));
  }
  stubs_.at(call->binding->method->service())
      ->UnaryCall(&call->context, call->rpc, grpc::StubOptions(), &call->sent, &call->received,
                  [this, call](grpc::Status status) { Finish(call, status); });
  return absl::OkStatus();
}

void RestDoor::Finish(const std::shared_ptr<Call>& call, const grpc::Status& status) {
  Response response;
  if (!status.ok()) {
    response = transcoding::ProblemOfCall(status, call->request_id);
  } else {
    const absl::StatusOr<std::unique_ptr<Message>> answer =
        ParseAnswer(*call->binding, call->received);
    absl::StatusOr<Response> made =
        answer.ok() ? transcoding::MakeResponse(*call->binding, **answer) : answer.status();
    response = made.ok() ? *std::move(made)
                         : transcoding::ProblemOfRequest(made.status(), call->request_id);
  }
  Answer(*call, std::move(response));
  absl::MutexLock lock(&mutex_);
  under_way_.erase(call);
  in_flight_.Set(static_cast<double>(under_way_.size()));
}

// Nothing of the call's request may be looked at afterwards.
void RestDoor::Answer(Call& call, Response response) {
  response.headers.emplace_back("Cache-Control", "no-store");
  options_.cors.Mark(call.origin, response);
  registry_
      .Counter("penstock_rest_finished_total", "Requests of the API, by RPC and HTTP status.",
               {{"method", call.rpc}, {"code", std::to_string(response.status)}})
      .Increment();
  registry_
      .Histogram("penstock_rest_seconds", "From a request of the API to its answer.",
                 metrics::LatencyBuckets(), {{"method", call.rpc}})
      .Observe(absl::ToDoubleSeconds(clock_.Now() - call.since));
  call.responder.Send(std::move(response));
}

void RestDoor::AnswerUnserved(Call& call, const std::vector<Method>& methods) {
  if (methods.empty() && call.request.path != kOpenApiPath) {
    return Answer(call, http::ProblemResponse({.status = 404,
                                               .code = "NOT_FOUND",
                                               .detail = "There is nothing at this path.",
                                               .request_id = call.request_id}));
  }
  const std::string allow =
      transcoding::AllowOf(methods.empty() ? std::vector{Method::kGet} : methods);
  Response response{.status = 204};
  if (call.request.method != Method::kOptions) {
    response = http::ProblemResponse({.status = 405,
                                      .code = "METHOD_NOT_ALLOWED",
                                      .detail = "This path does not have that method.",
                                      .request_id = call.request_id});
  } else if (!call.origin.empty()) {
    options_.cors.MarkPreflight(allow, response);
  }
  response.headers.emplace_back("Allow", allow);
  Answer(call, std::move(response));
}

void RestDoor::Stop() {
  std::set<std::shared_ptr<Call>> left;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    left = under_way_;
  }
  // Not under the lock: gRPC may finish a call on this very thread.
  for (const std::shared_ptr<Call>& call : left) call->context.TryCancel();
  absl::MutexLock lock(&mutex_);
  auto none_left = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return under_way_.empty(); };
  mutex_.Await(absl::Condition(&none_left));
}

}  // namespace penstock::interfaces
