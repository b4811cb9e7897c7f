// The loop of a sandbox process: frames in, evaluations one after another, frames out.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "libs/sandbox/protocol.h"
#include "services/sandbox/job_queue.h"
#include "services/sandbox/realm.h"
#include "services/sandbox/realm_cache.h"

namespace penstock::sandbox {

class Server {
 public:
  Server(JSContext* cx, PromiseJobs& jobs, int socket);

  // Until the engine closes the socket. False when the socket failed or a frame made no sense.
  bool Serve(uint32_t confinement_bits);

 private:
  bool Handle(const protocol::Frame& frame);
  bool Define(protocol::FieldReader fields);
  bool Forget(protocol::FieldReader fields);
  bool Evaluate(protocol::FieldReader fields);
  void KeepMemoryBounded();
  bool Receive();
  bool Flush();

  JSContext* cx_;
  PromiseJobs& jobs_;
  int socket_;
  RealmCache realms_;
  std::unordered_map<std::string, ScriptDefinition> scripts_;
  std::string in_;
  std::string out_;
  uint64_t oldest_result_us_ = 0;  // when the first result in out_ was ready
  int since_memory_check_ = 0;
};

}  // namespace penstock::sandbox
