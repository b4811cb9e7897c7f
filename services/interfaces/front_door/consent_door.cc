#include "services/interfaces/front_door/consent_door.h"

#include <optional>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "grpcpp/client_context.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "libs/http/percent.h"
#include "libs/log/log.h"

namespace penstock::interfaces {
namespace {

namespace v1 = connector::v1;

constexpr char kCookie[] = "__Host-penstock_oauth";
constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr size_t kMaxParameters = 50;

http::Response Private(http::Response response) {
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

http::Response Page(int status, std::string_view text) {
  return Private({.status = status,
                  .body = fmt::format("{}\n", text),
                  .content_type = "text/plain; charset=utf-8"});
}

http::Response SendTo(const std::string& url) {
  return Private({.status = 303, .headers = {{"Location", url}}});
}

std::string CookieOf(const http::Request& request) {
  const std::string_view cookies = request.FindHeader("cookie");
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(cookies.data(), cookies.size()), ';')) {
    const std::pair<absl::string_view, absl::string_view> cookie =
        absl::StrSplit(absl::StripAsciiWhitespace(part), absl::MaxSplits('=', 1));
    if (cookie.first == kCookie) return std::string(cookie.second);
  }
  return "";
}

std::string Parameter(const http::QueryParameters& query, std::string_view name) {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return "";
}

http::Response Refused(const absl::Status& status) {
  if (absl::IsInvalidArgument(status)) {
    return Page(400,
                "This link is not good any more: it was used, is too old, or was opened in another "
                "browser. Start again where you came from.");
  }
  log::Warning("consent could not be asked for", {{"status", status}});
  return Page(503, "This can't be done just now. Try again in a moment.");
}

}  // namespace

ConsentDoor::ConsentDoor(std::shared_ptr<grpc::Channel> connectors,
                         const auth::ServiceTokens& tokens, lifecycle::ThreadPool& workers,
                         const Clock& clock)
    : stub_(v1::GrantService::NewStub(std::move(connectors))),
      tokens_(tokens),
      workers_(workers),
      clock_(clock) {}

template <typename Answer>
void ConsentDoor::OnWorker(http::Responder responder, Answer answer) {
  // Shared because std::function is copied.
  auto waiting = std::make_shared<http::Responder>(std::move(responder));
  const absl::Status taken =
      workers_.Submit([waiting, answer = std::move(answer)] { waiting->Send(answer()); });
  if (!taken.ok()) waiting->Send(Page(503, "Too many ask at once. Try again in a moment."));
}

void ConsentDoor::Open(const http::Request& request, http::Responder responder) {
  const std::optional<http::QueryParameters> query =
      http::ParseQuery(request.query, kMaxParameters);
  const std::string ticket = query ? Parameter(*query, "ticket") : "";
  if (ticket.empty()) return responder.Send(Refused(absl::InvalidArgumentError("no ticket")));
  OnWorker(std::move(responder), [this, ticket] { return Opened(ticket); });
}

http::Response ConsentDoor::Opened(const std::string& ticket) const {
  grpc::ClientContext context;
  rpc::PrepareCall(context, tokens_, TenantId(), clock_.Now() + kPatience);
  v1::OpenAuthorizationRequest request;
  request.set_ticket(ticket);
  v1::OpenAuthorizationResponse opened;
  const grpc::Status status = stub_->OpenAuthorization(&context, request, &opened);
  if (!status.ok()) return Refused(rpc::FromGrpcStatus(status));
  http::Response response = SendTo(opened.authorize_url());
  response.headers.emplace_back(
      "Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax",
                                kCookie, opened.browser_binding(), opened.max_age().seconds()));
  return response;
}

void ConsentDoor::Complete(const http::Request& request, http::Responder responder) {
  v1::CompleteAuthorizationRequest callback;
  const std::optional<std::string> provider = http::PercentDecode(request.path_parameters[0]);
  const std::optional<http::QueryParameters> query =
      http::ParseQuery(request.query, kMaxParameters);
  if (!provider || !query) {
    return responder.Send(Refused(absl::InvalidArgumentError("can't be read")));
  }
  callback.set_provider(*provider);
  callback.set_browser_binding(CookieOf(request));
  for (const auto& [name, value] : *query) callback.mutable_query()->insert({name, value});
  OnWorker(std::move(responder), [this, callback] { return Completed(callback); });
}

http::Response ConsentDoor::Completed(const v1::CompleteAuthorizationRequest& request) const {
  grpc::ClientContext context;
  rpc::PrepareCall(context, tokens_, TenantId(), clock_.Now() + kPatience);
  v1::CompleteAuthorizationResponse completed;
  const grpc::Status status = stub_->CompleteAuthorization(&context, request, &completed);
  if (!status.ok()) return Refused(rpc::FromGrpcStatus(status));
  http::Response response =
      completed.return_url().empty()
          ? Page(200, fmt::format("Done: {}. You can close this window.", completed.outcome()))
          : SendTo(completed.return_url());
  // It was good once.
  response.headers.emplace_back(
      "Set-Cookie", fmt::format("{}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax", kCookie));
  return response;
}

}  // namespace penstock::interfaces
