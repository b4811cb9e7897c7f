// Just enough of an HTTP/2 server to see whether requests share a connection: over TLS, 200 with a
// short body for every request without one of its own, and only once so many are open at a time.
#pragma once

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/egress/testing/script_server.h"

namespace penstock::connector::testing {

class Http2Server {
 public:
  // `identity` offers HTTP/2 from now on.
  explicit Http2Server(egress::TlsIdentity& identity);

  std::string url(std::string_view path) const { return server_.url(path); }
  int port() const { return server_.port(); }
  int connections() const { return server_.connections(); }
  // From now on requests are answered in groups of so many of one connection.
  void AnswerInGroupsOf(size_t size);

 private:
  void Serve(egress::Peer& peer);
  size_t group() const;

  mutable absl::Mutex mutex_;
  size_t group_ ABSL_GUARDED_BY(mutex_) = 1;
  egress::ScriptServer server_;  // last: its threads use the rest
};

}  // namespace penstock::connector::testing
