// Promise jobs of the running evaluation. What is left of them when it ends is thrown away, so that
// no continuation of one evaluation can run during the next.
#pragma once

#include "js/GCVector.h"
#include "js/Promise.h"
#include "js/RootingAPI.h"
#include "jsapi.h"

namespace penstock::sandbox {

class PromiseJobs final : public JS::JobQueue {
 public:
  explicit PromiseJobs(JSContext* cx) : jobs_(cx) {}

  // Runs jobs until none is left, or until `promise` is settled. False when a job was terminated.
  bool RunUntilSettled(JSContext* cx, JS::HandleObject promise);
  void Discard();

  JSObject* getIncumbentGlobal(JSContext* cx) override { return JS::CurrentGlobalOrNull(cx); }
  bool enqueuePromiseJob(JSContext* cx, JS::HandleObject promise, JS::HandleObject job,
                         JS::HandleObject allocation_site,
                         JS::HandleObject incumbent_global) override;
  void runJobs(JSContext*) override {}  // only the Debugger asks, and there is none
  bool empty() const override { return next_ == jobs_.length(); }

 private:
  using Jobs = JS::GCVector<JSObject*, 8, js::SystemAllocPolicy>;
  js::UniquePtr<SavedJobQueue> saveJobQueue(JSContext*) override { return nullptr; }

  JS::PersistentRooted<Jobs> jobs_;
  size_t next_ = 0;
};

}  // namespace penstock::sandbox
