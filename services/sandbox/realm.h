// A hardened global object and the functions compiled in it.
//
// Everything reachable in it is frozen before user code runs, and user code runs only as strict
// functions of their parameters, so one realm serves any number of evaluations without carrying
// anything from one to the next. A realm belongs to one tenant and has a compartment and a zone of
// its own.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "js/RootingAPI.h"
#include "jsapi.h"

namespace penstock::sandbox {

// A script as the engine defined it. Mirrors sandbox::Script without its dependencies.
struct ScriptDefinition {
  bool is_expression = false;
  std::vector<std::string> parameters;
  std::string source;
};

class Realm {
 public:
  // Null when out of memory.
  static std::unique_ptr<Realm> Create(JSContext* cx);

  JSObject* global() const { return global_; }

  // The compiled function; compiles on first use. Null with a pending exception when it does not
  // compile. The caller has entered the realm.
  JSObject* Function(JSContext* cx, std::string_view hash, const ScriptDefinition& script);
  void Forget(std::string_view hash) { functions_.erase(std::string(hash)); }

 private:
  explicit Realm(JSContext* cx) : global_(cx), async_function_(cx) {}

  JS::PersistentRootedObject global_;
  JS::PersistentRootedObject async_function_;
  std::unordered_map<std::string, JS::PersistentRootedObject> functions_;
};

// Refuses eval and the function constructors; installed once for the process.
void ForbidCodeFromText(JSContext* cx);

}  // namespace penstock::sandbox
