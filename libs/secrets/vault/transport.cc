#include "libs/secrets/vault/transport.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/curl/easy.h"

namespace penstock::secrets::vault {
namespace {

constexpr size_t kMaxBodyBytes = 1 << 20;
// Room from the start for what a KV secret usually is: a text that grows leaves copies behind.
constexpr size_t kUsualBodyBytes = 64 << 10;

struct Body {
  std::string text;
  bool too_large = false;
  ~Body() { crypto::Wipe(text); }
};

size_t TakeBody(char* data, size_t size, size_t count, void* to) {
  auto& body = *static_cast<Body*>(to);
  body.too_large = body.text.size() + size * count > kMaxBodyBytes;
  if (body.too_large) return 0;
  body.text.append(data, size * count);
  return size * count;
}

void AppendSecretHeader(curl::List& headers, std::string_view name, const crypto::Secret& value) {
  std::string line = fmt::format("{}: {}", name, value.Reveal());
  curl::Append(headers, line);
  crypto::Wipe(line);
}

void WipeTexts(nlohmann::json& value) {
  if (value.is_string()) return crypto::Wipe(value.get_ref<std::string&>());
  if (value.is_structured()) std::ranges::for_each(value, WipeTexts);
}

bool IsTrustProblem(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CERTPROBLEM:
      return true;
    default:
      return false;
  }
}

}  // namespace

Reply::~Reply() { WipeTexts(body); }

Transport::Transport(Options options) : options_(std::move(options)) {}

absl::StatusOr<Reply> Transport::Send(const Request& request) const {
  curl::Easy handle = curl::NewEasy(options_.ca_file);
  CURL* easy = handle.get();
  curl::List headers;
  // An agent in front of Vault may ask for it, so that no browser can be made to send requests.
  curl::Append(headers, "X-Vault-Request: true");
  curl::Append(headers, "Accept: application/json");
  if (!request.name_space.empty()) {
    curl::Append(headers, fmt::format("X-Vault-Namespace: {}", request.name_space));
  }
  if (request.token != nullptr) AppendSecretHeader(headers, "X-Vault-Token", *request.token);
  if (request.method == Request::Method::kPost) {
    const std::string_view body = request.body != nullptr ? request.body->Reveal() : "{}";
    curl::Append(headers, "Content-Type: application/json");
    curl::Append(headers, "Expect:");
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
  }
  const std::string url = fmt::format("{}/v1/{}", options_.address, request.path);
  const long milliseconds = std::max<long>(1, absl::ToInt64Milliseconds(options_.timeout));
  Body body;
  body.text.reserve(kUsualBodyBytes);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "penstock");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &TakeBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  const CURLcode code = curl_easy_perform(easy);
  if (body.too_large) {
    return absl::FailedPreconditionError(
        fmt::format("the answer is larger than {} bytes", kMaxBodyBytes));
  }
  if (IsTrustProblem(code)) {
    return absl::FailedPreconditionError(
        fmt::format("its certificate can't be trusted: {}", curl_easy_strerror(code)));
  }
  if (code != CURLE_OK) return absl::UnavailableError(curl_easy_strerror(code));
  Reply reply;
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  reply.body = nlohmann::json::parse(body.text, nullptr, /*allow_exceptions=*/false);
  if (reply.body.is_discarded()) reply.body = nullptr;
  return reply;
}

absl::Status CheckAddress(const std::string& address) {
  std::string_view rest = address;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return absl::InvalidArgumentError("must begin with https:// or http://");
  }
  if (rest.empty() || rest.front() == '/' || rest.find_first_of("@?#\\ ") != rest.npos ||
      std::ranges::any_of(rest, [](char c) { return c <= ' ' || c == 0x7f; })) {
    return absl::InvalidArgumentError("must be https://host[:port], without user, query or blanks");
  }
  return absl::OkStatus();
}

}  // namespace penstock::secrets::vault
