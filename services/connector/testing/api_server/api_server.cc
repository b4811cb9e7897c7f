#include "services/connector/testing/api_server/api_server.h"

#include <zlib.h>

#include <algorithm>

#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "services/connector/outbound/url_query.h"

namespace penstock::connector::testing {
namespace {

using egress::Peer;
using egress::ReceivedRequest;
using nlohmann::json;

constexpr int kItems = 7;
constexpr int kPageSize = 3;

std::string PathOf(const ReceivedRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string HeaderOf(const ReceivedRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

int NumberAfter(const std::string& path, std::string_view prefix) {
  return std::stoi(path.substr(prefix.size()));
}

int ParameterOr(const ReceivedRequest& request, std::string_view name, int otherwise) {
  const auto value = FindParameter(request.target, name);
  return value ? std::stoi(*value) : otherwise;
}

json Described(const ReceivedRequest& request) {
  return {{"method", request.method},
          {"target", request.target},
          {"headers", request.headers},
          {"body", request.body}};
}

std::string Bomb() {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  const std::string zeros(1 << 20, '\0');
  std::string packed(1 << 20, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = packed.size();
  for (int i = 0; i < 64; ++i) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
    stream.avail_in = zeros.size();
    deflate(&stream, i == 63 ? Z_FINISH : Z_NO_FLUSH);
  }
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n{}",
                     packed.size(), packed);
}

bool SendEndless(Peer& peer) {
  peer.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  while (peer.Write(chunk)) {
  }
  return false;
}

bool Redirect(Peer& peer, const ReceivedRequest& request) {
  const std::string to = FindParameter(request.target, "to").value_or("/echo");
  return peer.Respond(ParameterOr(request, "status", 302), "", fmt::format("Location: {}\r\n", to));
}

}  // namespace

ApiServer::ApiServer(std::string token, const egress::TlsIdentity* identity)
    : token_(std::move(token)), server_([this](Peer& peer) { Serve(peer); }, identity) {}

void ApiServer::RenewToken(std::string token) {
  absl::MutexLock lock(&mutex_);
  token_ = std::move(token);
}

void ApiServer::Release() {
  absl::MutexLock lock(&mutex_);
  released_ = true;
}

void ApiServer::AwaitHeld() const {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](const int* held) { return *held > 0; }, &held_));
}

std::vector<ReceivedRequest> ApiServer::received() const {
  absl::MutexLock lock(&mutex_);
  return received_;
}

std::vector<std::string> ApiServer::violations() const {
  absl::MutexLock lock(&mutex_);
  return violations_;
}

void ApiServer::Serve(Peer& peer) {
  while (std::optional<ReceivedRequest> request = peer.Read()) {
    {
      absl::MutexLock lock(&mutex_);
      Check(*request);
      received_.push_back(*request);
    }
    if (!Answer(peer, *request)) return;
  }
}

void ApiServer::Check(const ReceivedRequest& request) {
  const auto refuse = [&](std::string what) { violations_.push_back(std::move(what)); };
  const std::string host = HeaderOf(request, "host");
  if (host != fmt::format("127.0.0.1:{}", server_.port()) &&
      host != fmt::format("localhost:{}", server_.port())) {
    refuse("another Host: " + host);
  }
  for (const char* name :
       {"cookie", "expect", "proxy-authorization", "transfer-encoding", "x-forwarded-for"}) {
    if (request.headers.contains(name)) refuse(std::string("the header ") + name);
  }
  const std::string path = PathOf(request);
  if (!path.starts_with('/') || path.find("//") != std::string::npos ||
      path.find("/..") != std::string::npos || path.find('\\') != std::string::npos) {
    refuse("the path " + path);
  }
}

bool ApiServer::HasToken(const ReceivedRequest& request) const {
  absl::MutexLock lock(&mutex_);
  return HeaderOf(request, "authorization") == "Bearer " + token_;
}

int ApiServer::CountVisit(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  return visits_[path]++;
}

bool ApiServer::Answer(Peer& peer, const ReceivedRequest& request) {
  const std::string path = PathOf(request);
  if (path == "/expired-200" && !HasToken(request)) {
    return peer.Respond(200, R"({"success": false, "errors": [{"code": "602"}]})");
  }
  if (!HasToken(request))
    return peer.Respond(401, "who are you, " + HeaderOf(request, "authorization"));
  if (path.starts_with("/limited/")) return Limit(peer, path);
  if (path.starts_with("/pages/")) return SendPage(peer, request);
  if (path.starts_with("/fail/")) {
    return peer.Respond(NumberAfter(path, "/fail/"), Described(request).dump());
  }
  if (path.starts_with("/drop/") && CountVisit(path) < NumberAfter(path, "/drop/")) return false;
  if (path == "/redirect") return Redirect(peer, request);
  if (path == "/endless") return SendEndless(peer);
  if (path == "/bomb") return peer.Write(Bomb());
  if (path == "/hold") Hold();
  return peer.Respond(200, Described(request).dump(), "Set-Cookie: session=1\r\n");
}

bool ApiServer::Limit(Peer& peer, const std::string& path) {
  if (CountVisit(path) > 0) return peer.Respond(200, "{}");
  const int status = NumberAfter(path, "/limited/");
  if (status == 403)
    return peer.Respond(403, "{}", "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1\r\n");
  if (status == 400) return peer.Respond(400, R"({"errors": [{"code": "RATELIMITED"}]})");
  return peer.Respond(status, "{}", "Retry-After: 0\r\n");
}

bool ApiServer::SendPage(Peer& peer, const ReceivedRequest& request) {
  const std::string style = PathOf(request).substr(std::string_view("/pages/").size());
  int from = ParameterOr(request, "from", 0);
  if (style == "page") from = (ParameterOr(request, "page", 1) - 1) * kPageSize;
  json items = json::array();
  for (int i = from; i < std::min(from + kPageSize, kItems); ++i) items.push_back(i + 1);
  const int next = from + kPageSize;
  json body = {{"items", items}, {"next", nullptr}};
  std::string headers;
  if (next < kItems) {
    const std::string link = url(fmt::format("/pages/{}?from={}", style, next));
    if (style == "cursor") body["next"] = std::to_string(next);
    if (style == "body_link") body["next"] = link;
    if (style == "link") headers = fmt::format("Link: <{}>; rel=\"next\"\r\n", link);
  }
  return peer.Respond(200, body.dump(), headers);
}

void ApiServer::Hold() {
  absl::MutexLock lock(&mutex_);
  ++held_;
  mutex_.Await(absl::Condition(&released_));
}

}  // namespace penstock::connector::testing
