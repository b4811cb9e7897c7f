#include "libs/secrets/vault/session.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/postgres/backoff.h"
#include "libs/secrets/vault/answer.h"
#include "libs/status/macros.h"

namespace penstock::secrets::vault {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Milliseconds(200);
constexpr absl::Duration kMaxBackoff = absl::Seconds(5);
constexpr double kRenewAfter = 2.0 / 3;

// A member of an object, or null.
nlohmann::json& Member(nlohmann::json& object, const char* name) {
  static thread_local nlohmann::json none;
  none = nullptr;
  if (!object.is_object()) return none;
  auto found = object.find(name);
  return found == object.end() ? none : *found;
}

absl::Duration Seconds(const nlohmann::json& value) {
  return value.is_number_integer() ? absl::Seconds(value.get<int64_t>()) : absl::ZeroDuration();
}

// It travels in a header: nothing in it may end one.
bool IsToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

bool IsTrue(const nlohmann::json& value) { return value.is_boolean() && value.get<bool>(); }

}  // namespace

Session::Session(Options options, LogIn log_in, const Clock& clock)
    : options_(std::move(options)),
      log_in_(std::move(log_in)),
      clock_(clock),
      transport_(options_.transport) {}

std::string Session::Name() const { return fmt::format("Vault at {}", options_.transport.address); }

absl::StatusOr<Reply> Session::Get(const std::string& path, const std::string& name_space) {
  return Ask({.path = path, .name_space = name_space});
}

absl::StatusOr<Reply> Session::Post(const std::string& path, const std::string& name_space,
                                    const crypto::Secret& body) {
  return Ask({.method = Request::Method::kPost,
              .path = path,
              .name_space = name_space,
              .token = nullptr,
              .body = &body});
}

absl::StatusOr<Reply> Session::Ask(Request request) {
  absl::MutexLock lock(&mutex_);
  const absl::Time deadline = clock_.Now() + options_.retry_timeout;
  const int logins_before = logins_;
  RETURN_IF_ERROR(KeepGood(deadline));
  request.token = &token_.text;
  ASSIGN_OR_RETURN(Reply reply, SendPatiently(request, deadline));
  // A token can be taken back at any time. One that is new is refused for what it may do.
  if (reply.status != 403 || logins_ != logins_before) return reply;
  RETURN_IF_ERROR(LogInAnew(deadline));
  return SendPatiently(request, deadline);
}

absl::StatusOr<Reply> Session::SendPatiently(const Request& request, absl::Time deadline) {
  postgres::Backoff backoff(kFirstBackoff, kMaxBackoff);
  while (true) {
    absl::StatusOr<Reply> reply = transport_.Send(request);
    std::string why;
    if (reply.ok()) {
      if (request.token != nullptr) Hush(*reply, {request.token->Reveal()});
      if (request.body != nullptr) Hush(*reply, {request.body->Reveal()});
      if (!MayPass(reply->status)) return reply;
      why = fmt::format("is {} ({})", Meaning(reply->status), reply->status);
    } else {
      why = fmt::format("can't be asked: {}", std::string(reply.status().message()));
      if (!absl::IsUnavailable(reply.status())) {
        return absl::Status(reply.status().code(), fmt::format("{} {}", Name(), why));
      }
    }
    const absl::Duration pause = backoff.Next();
    if (clock_.Now() + pause >= deadline) {
      return absl::UnavailableError(
          fmt::format("{} {}; asked {} times", Name(), why, backoff.failures()));
    }
    options_.sleep(pause);
  }
}

absl::Status Session::KeepGood(absl::Time deadline) {
  if (token_.text.empty() || clock_.Now() >= token_.expires_at) return LogInAnew(deadline);
  if (clock_.Now() < token_.renew_at) return absl::OkStatus();
  if (token_.renewable) return Renew(deadline);
  return LogInAnew(deadline);
}

absl::Status Session::Renew(absl::Time deadline) {
  const crypto::Secret body(
      fmt::format(R"({{"increment":"{}s"}})", absl::ToInt64Seconds(token_.lease)));
  ASSIGN_OR_RETURN(Reply reply, SendPatiently({.method = Request::Method::kPost,
                                               .path = "auth/token/renew-self",
                                               .name_space = options_.login_namespace,
                                               .token = &token_.text,
                                               .body = &body},
                                              deadline));
  nlohmann::json& auth = Member(reply.body, "auth");
  const absl::Duration granted = Seconds(Member(auth, "lease_duration"));
  if (reply.status != 200 || granted < token_.lease) return LogInAnew(deadline);
  Take(std::move(token_.text), granted, true);
  return absl::OkStatus();
}

absl::Status Session::LogInAnew(absl::Time deadline) {
  token_ = Token();
  ++logins_;
  ASSIGN_OR_RETURN(Credential credential, log_in_.load());
  if (log_in_.path.empty() && !IsToken(credential.text.Reveal())) {
    return absl::FailedPreconditionError("VAULT_TOKEN holds characters that no token has");
  }
  if (log_in_.path.empty()) return LookUpOwn(std::move(credential.text), deadline);
  ASSIGN_OR_RETURN(Reply reply, SendPatiently({.method = Request::Method::kPost,
                                               .path = log_in_.path,
                                               .name_space = options_.login_namespace,
                                               .body = &credential.text},
                                              deadline));
  std::vector<std::string_view> shown;
  for (const crypto::Secret& part : credential.parts) shown.push_back(part.Reveal());
  Hush(reply, shown);
  nlohmann::json& auth = Member(reply.body, "auth");
  nlohmann::json& text = Member(auth, "client_token");
  if (reply.status != 200 || !text.is_string() || !IsToken(text.get_ref<std::string&>())) {
    return absl::PermissionDeniedError(fmt::format("{} refuses the {} login at {} ({})", Name(),
                                                   log_in_.method, log_in_.path, Describe(reply)));
  }
  crypto::Secret token(text.get_ref<std::string&>());
  Take(std::move(token), Seconds(Member(auth, "lease_duration")),
       IsTrue(Member(auth, "renewable")));
  return absl::OkStatus();
}

absl::Status Session::LookUpOwn(crypto::Secret token, absl::Time deadline) {
  ASSIGN_OR_RETURN(Reply reply, SendPatiently({.path = "auth/token/lookup-self",
                                               .name_space = options_.login_namespace,
                                               .token = &token},
                                              deadline));
  if (reply.status != 200) {
    return absl::PermissionDeniedError(
        fmt::format("{} does not know the token ({})", Name(), Describe(reply)));
  }
  nlohmann::json& data = Member(reply.body, "data");
  Take(std::move(token), Seconds(Member(data, "ttl")), IsTrue(Member(data, "renewable")));
  return absl::OkStatus();
}

void Session::Take(crypto::Secret text, absl::Duration lease, bool renewable) {
  token_ = {.text = std::move(text), .renewable = renewable};
  // A token without a lease never ends.
  if (lease <= absl::ZeroDuration()) return;
  token_.lease = lease;
  token_.renew_at = clock_.Now() + lease * kRenewAfter;
  token_.expires_at = clock_.Now() + lease;
}

}  // namespace penstock::secrets::vault
