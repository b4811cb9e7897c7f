// A mail server on loopback for tests: takes what RFC 5321 allows and nothing else, and refuses
// when a test says so.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/egress/testing/script_server.h"
#include "libs/egress/testing/tls_identity.h"

namespace penstock::mail {

class SmtpServer {
 public:
  enum class Tls { kNone, kOffered, kFromTheStart };

  struct Rules {
    Tls tls = Tls::kNone;
    // Must sign in with these, by AUTH PLAIN and under TLS; empty = nobody needs to.
    std::string user = {}, password = {};
    // Said instead of the usual reply, by command: "GREETING", "EHLO", "AUTH", "MAIL", "RCPT",
    // "DATA", "END" (of data). The empty text = nothing is said, until the client goes.
    std::map<std::string, std::string> replies = {};
  };
  struct Delivery {
    std::string sender, recipient;
    std::string bytes;  // with dots unstuffed
    std::string user;
    bool by_tls = false;
  };

  // The identity, needed for TLS, outlives it.
  explicit SmtpServer(Rules rules, const egress::TlsIdentity* identity = nullptr);

  std::string url() const;
  std::vector<Delivery> deliveries() const;
  // What the client did that no client may.
  std::vector<std::string> complaints() const;
  int connections() const { return server_.connections(); }

 private:
  struct Talk;  // with one client
  void Serve(egress::Peer& peer);
  // False when the talk is over.
  bool Obey(const std::string& line, Talk& talk);
  bool Reply(Talk& talk, const std::string& command, const std::string& usual);
  bool Greet(Talk& talk);
  bool SignIn(Talk& talk, const std::string& argument);
  bool TakeData(Talk& talk);
  void Complain(const std::string& what);

  const Rules rules_;
  const egress::TlsIdentity* const identity_;
  mutable absl::Mutex mutex_;
  std::vector<Delivery> deliveries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> complaints_ ABSL_GUARDED_BY(mutex_);
  egress::ScriptServer server_;  // uses all the others, so goes first
};

}  // namespace penstock::mail
