#include "services/sandbox/job_queue.h"

#include "js/CallAndConstruct.h"
#include "js/ErrorReport.h"
#include "js/Exception.h"
#include "js/ValueArray.h"

namespace penstock::sandbox {

bool PromiseJobs::enqueuePromiseJob(JSContext* cx, JS::HandleObject /*promise*/,
                                    JS::HandleObject job, JS::HandleObject /*allocation_site*/,
                                    JS::HandleObject /*incumbent_global*/) {
  if (jobs_.append(job)) return true;
  JS_ReportOutOfMemory(cx);
  return false;
}

bool PromiseJobs::RunUntilSettled(JSContext* cx, JS::HandleObject promise) {
  JS::RootedObject job(cx);
  JS::RootedValue ignored(cx);
  while (!empty() && JS::GetPromiseState(promise) == JS::PromiseState::Pending) {
    job = jobs_[next_];
    jobs_[next_++].set(nullptr);
    if (!JS::Call(cx, JS::UndefinedHandleValue, job, JS::HandleValueArray::empty(), &ignored)) {
      // Without an exception the interrupt callback ended the evaluation. An exception of a job
      // itself has nobody to go to; what matters is how the promise settles.
      if (!JS_IsExceptionPending(cx)) return false;
      JS_ClearPendingException(cx);
    }
    if (empty()) Discard();
  }
  return true;
}

void PromiseJobs::Discard() {
  jobs_.clear();
  next_ = 0;
}

}  // namespace penstock::sandbox
