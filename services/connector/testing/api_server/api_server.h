// A third party's API on loopback, strict and with the quirks that real ones have, a path each:
//
//   /echo                   what was sent, as JSON
//   /limited/{status}       the first time "too many requests" by that status: 429 with
//   Retry-After,
//                           403 with x-ratelimit-remaining: 0, 400 with errors[0].code RATELIMITED
//   /expired-200            200 with errors[0].code "602" when the token is old
//   /redirect?to=&status=   there
//   /pages/{style}          items 1 to 7 in pages of 3: page, offset, cursor, link, body_link
//   /endless                a chunked body without end
//   /bomb                   64 MiB in few bytes
//   /drop/{n}               takes the request and closes, n times; then answers
//   /hold                   answers when Release is called
//   /fail/{status}          that status, with the request's headers in the body
//
// All of them need "Authorization: Bearer <token>" and say 401 otherwise.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/egress/testing/script_server.h"

namespace penstock::connector::testing {

class ApiServer {
 public:
  // With an identity it speaks TLS.
  explicit ApiServer(std::string token, const egress::TlsIdentity* identity = nullptr);
  ~ApiServer() { Release(); }

  std::string url(std::string_view path) const { return server_.url(path); }
  int port() const { return server_.port(); }
  int connections() const { return server_.connections(); }

  // The old one is refused from now on.
  void RenewToken(std::string token);
  // What holds is let go, and nothing is held any more.
  void Release();
  // Blocks until a request is held.
  void AwaitHeld() const;

  // All there were, refused ones included.
  std::vector<egress::ReceivedRequest> received() const;
  // What a strict server would have refused: another Host, cookies, dot segments on the wire, ...
  std::vector<std::string> violations() const;

 private:
  void Serve(egress::Peer& peer);
  // False when the connection is over.
  bool Answer(egress::Peer& peer, const egress::ReceivedRequest& request);
  void Check(const egress::ReceivedRequest& request) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasToken(const egress::ReceivedRequest& request) const;
  // How often the path was asked for before.
  int CountVisit(const std::string& path);
  bool Limit(egress::Peer& peer, const std::string& path);
  bool SendPage(egress::Peer& peer, const egress::ReceivedRequest& request);
  void Hold();

  mutable absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  bool released_ ABSL_GUARDED_BY(mutex_) = false;
  int held_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, int> visits_ ABSL_GUARDED_BY(mutex_);
  std::vector<egress::ReceivedRequest> received_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> violations_ ABSL_GUARDED_BY(mutex_);
  egress::ScriptServer server_;  // last: its threads use the rest
};

}  // namespace penstock::connector::testing
