// A third party on loopback as a connector's other side: remembers what it was sent, answers as a
// test says.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/egress/testing/script_server.h"

namespace penstock::e2e {

class ThirdParty {
 public:
  struct Answer {
    int status = 200;
    std::string body = R"({"ok":true})";
    std::string more_headers = "Content-Type: application/json\r\n";
  };
  using Respond = std::function<Answer(const egress::ReceivedRequest&)>;

  ThirdParty();  // always content
  explicit ThirdParty(Respond respond);

  std::string base_url() const { return server_.url(""); }
  std::vector<egress::ReceivedRequest> received() const;
  void set_respond(Respond respond);

 private:
  void Serve(egress::Peer& peer);

  mutable absl::Mutex mutex_;
  Respond respond_ ABSL_GUARDED_BY(mutex_);
  std::vector<egress::ReceivedRequest> received_ ABSL_GUARDED_BY(mutex_);
  egress::ScriptServer server_;
};

}  // namespace penstock::e2e
