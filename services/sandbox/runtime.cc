#include "services/sandbox/runtime.h"

#include "js/ContextOptions.h"
#include "js/GCAPI.h"
#include "js/HelperThreadAPI.h"
#include "js/Initialization.h"
#include "js/Stack.h"
#include "services/sandbox/realm.h"

namespace penstock::sandbox {
namespace {

constexpr size_t kNativeStackBytes = 1u << 20;

// Work offered to helper threads is left undone: there are none, and SpiderMonkey does such work
// itself when it next needs its result.
void LeaveToMainThread(JS::DispatchReason) {}

void KeepHeapSmall(JSContext* cx) {
  // One evaluation fills little; collecting the nursery costs by what survives, which is nothing.
  JS_SetGCParameter(cx, JSGC_MIN_NURSERY_BYTES, 256 << 10);
  JS_SetGCParameter(cx, JSGC_MAX_NURSERY_BYTES, 1 << 20);
  // Megabytes in a zone, and bytes behind its objects, that are worth a collection.
  JS_SetGCParameter(cx, JSGC_ALLOCATION_THRESHOLD, 4);
  JS_SetGCParameter(cx, JSGC_MALLOC_THRESHOLD_BASE, 8 << 20);
  JS_SetGCParameter(cx, JSGC_MIN_EMPTY_CHUNK_COUNT, 0);
  JS_SetGCParameter(cx, JSGC_MAX_EMPTY_CHUNK_COUNT, 2);
  JS_SetGCParameter(cx, JSGC_INCREMENTAL_GC_ENABLED, false);
  JS_SetGCParameter(cx, JSGC_PER_ZONE_GC_ENABLED, true);
}

}  // namespace

JSContext* StartRuntime() {
  JS::DisableJitBackend();
  if (!JS_Init()) return nullptr;
  JS::SetHelperThreadTaskCallback(LeaveToMainThread, 1, 256 << 10);
  JSContext* cx = JS_NewContext(64u << 20);
  if (cx == nullptr) return nullptr;
  JS_SetGlobalJitCompilerOption(cx, JSJITCOMPILER_BASELINE_INTERPRETER_ENABLE, 0);
  JS_SetGlobalJitCompilerOption(cx, JSJITCOMPILER_BASELINE_ENABLE, 0);
  JS_SetGlobalJitCompilerOption(cx, JSJITCOMPILER_ION_ENABLE, 0);
  JS_SetGlobalJitCompilerOption(cx, JSJITCOMPILER_NATIVE_REGEXP_ENABLE, 0);
  JS_SetGlobalJitCompilerOption(cx, JSJITCOMPILER_OFFTHREAD_COMPILATION_ENABLE, 0);
  JS::ContextOptionsRef(cx).setAsmJS(false).setWasm(false).setAsyncStack(false).setSourcePragmas(
      false);
  JS_SetNativeStackQuota(cx, kNativeStackBytes);
  KeepHeapSmall(cx);
  ForbidCodeFromText(cx);
  if (!JS::InitSelfHostedCode(cx)) return nullptr;
  return cx;
}

}  // namespace penstock::sandbox
