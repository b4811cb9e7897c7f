#include "services/sandbox/realm.h"

#include "js/CompilationAndEvaluation.h"
#include "js/GlobalObject.h"
#include "js/Initialization.h"
#include "js/Principals.h"
#include "js/Realm.h"
#include "js/RealmOptions.h"
#include "js/SourceText.h"
#include "services/sandbox/compile.h"

namespace penstock::sandbox {
namespace {

constexpr char kHardening[] =
#include "services/sandbox/hardening.js.inc"
    ;

// No resolve hook: standard classes are made eagerly, so that nothing can appear after the
// freezing.
const JSClassOps kGlobalClassOps = {nullptr, nullptr, nullptr, nullptr, nullptr,
                                    nullptr, nullptr, nullptr, nullptr, JS_GlobalObjectTraceHook};
const JSClass kGlobalClass = {"global", JSCLASS_GLOBAL_FLAGS, &kGlobalClassOps, nullptr, nullptr,
                              nullptr};

JSObject* NewGlobal(JSContext* cx) {
  JS::RealmOptions options;
  options.creationOptions()
      .setNewCompartmentAndZone()
      .setSharedMemoryAndAtomicsEnabled(false)
      .setWeakRefsEnabled(JS::WeakRefSpecifier::Disabled);
  return JS_NewGlobalObject(cx, &kGlobalClass, nullptr, JS::FireOnNewGlobalHook, options);
}

}  // namespace

std::unique_ptr<Realm> Realm::Create(JSContext* cx) {
  std::unique_ptr<Realm> realm(new Realm(cx));
  realm->global_ = NewGlobal(cx);
  if (!realm->global_) return nullptr;
  JSAutoRealm entered(cx, realm->global_);
  if (!JS::InitRealmStandardClasses(cx)) return nullptr;

  JS::CompileOptions options(cx);
  options.setFileAndLine("hardening.js", 1);
  JS::SourceText<mozilla::Utf8Unit> source;
  if (!source.init(cx, kHardening, sizeof(kHardening) - 1, JS::SourceOwnership::Borrowed))
    return nullptr;
  JS::RootedValue async_function(cx);
  if (!JS::Evaluate(cx, options, source, &async_function) || !async_function.isObject())
    return nullptr;
  realm->async_function_ = &async_function.toObject();
  return realm;
}

JSObject* Realm::Function(JSContext* cx, std::string_view hash, const ScriptDefinition& script) {
  const std::string key(hash);
  if (auto it = functions_.find(key); it != functions_.end()) return it->second;
  JS::RootedObject function(cx, Compile(cx, script, async_function_));
  if (!function) return nullptr;
  functions_.emplace(key, JS::PersistentRootedObject(cx, function));
  return function;
}

}  // namespace penstock::sandbox
