#include "services/connector/outbound/follow.h"

#include <optional>
#include <utility>

#include "libs/egress/redirect.h"
#include "libs/egress/url.h"
#include "libs/status/macros.h"
#include "services/connector/outbound/blot_out.h"

namespace penstock::connector {
namespace {

using egress::Failure;
using egress::HttpRequest;
using egress::HttpResponse;
using egress::HttpResult;
namespace failure = egress::failure;

std::string TextOf(const egress::Url& url) {
  char* text = nullptr;
  if (curl_url_get(url.raw(), CURLUPART_URL, &text, 0) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

class Following {
 public:
  Following(HttpSender& sender, Attempt attempt) : sender_(sender), attempt_(std::move(attempt)) {}

  absl::StatusOr<HttpResult> Run() {
    while (true) {
      HttpRequest sent = attempt_.request;
      sent.max_redirects = 0;
      if (at_home_) RETURN_IF_ERROR(AddCredentials(sent));
      const std::string url = sent.url;
      const egress::Headers headers = sent.headers;
      HttpResult result = sender_.Send(std::move(sent), attempt_.deadline, attempt_.cancellation);
      auto* response = std::get_if<HttpResponse>(&result);
      const auto location = response ? egress::RedirectTarget(*response) : std::nullopt;
      if (!location) {
        if (response != nullptr) BlotOut(*response, Secrets(), headers);
        return result;
      }
      if (std::optional<HttpResult> refused = Follow(url, *location, response->status)) {
        return *std::move(refused);
      }
    }
  }

 private:
  std::vector<std::string_view> Secrets() const {
    return attempt_.secrets ? attempt_.secrets() : std::vector<std::string_view>();
  }

  absl::Status AddCredentials(HttpRequest& sent) {
    if (!attempt_.authenticate) return absl::OkStatus();
    RETURN_IF_ERROR(attempt_.authenticate(sent));
    sent.max_redirects = 0;
    if (attempt_.target.CheckOrigin(sent.url).ok()) return absl::OkStatus();
    return absl::InternalError("the auth strategy made a request to another host");
  }

  // Makes the request of the next hop, or says why there is none.
  std::optional<HttpResult> Follow(const std::string& sent_to, const std::string& location,
                                   int status) {
    if (++redirects_ > kMaxRedirects) {
      return Failure(failure::kTooManyRedirects, "more redirects than are followed");
    }
    const absl::StatusOr<egress::Url> from = egress::Url::Parse(sent_to);
    if (!from.ok()) return Failure(failure::kBadUrl, "bad URL");
    const absl::StatusOr<egress::Url> to = from->Resolve(location);
    if (!to.ok()) return Failure(failure::kTooManyRedirects, "redirected to what is no URL");
    if (from->scheme() == "https" && to->scheme() != "https") {
      return Failure(failure::kEgressDenied, "redirected from https to a less safe scheme");
    }
    if (!attempt_.target.Admits(*to)) {
      return Failure(failure::kEgressDenied,
                     "redirected to a host that the connector was not made for");
    }
    const std::string text = TextOf(*to);
    if (!from->SameOrigin(*to) && HoldsSecret(text, Secrets())) {
      return Failure(failure::kEgressDenied, "redirected to another host, with a credential");
    }
    at_home_ = at_home_ && attempt_.target.IsOrigin(*to);
    egress::FollowRedirect(attempt_.request, status, *from, *to);
    attempt_.request.url = text;
    return std::nullopt;
  }

  HttpSender& sender_;
  Attempt attempt_;
  bool at_home_ = true;  // no hop has left the connector's origin
  int redirects_ = 0;
};

}  // namespace

absl::StatusOr<HttpResult> SendFollowing(HttpSender& sender, Attempt attempt) {
  return Following(sender, std::move(attempt)).Run();
}

}  // namespace penstock::connector
