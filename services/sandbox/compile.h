// Turns user code into a strict function of its parameters.
#pragma once

#include "jsapi.h"
#include "services/sandbox/realm.h"

namespace penstock::sandbox {

// Null with a pending exception (a SyntaxError of the user's code). `async_function` is the realm's
// own AsyncFunction constructor, used only to check that a body with `await` is the body of one
// function.
JSObject* Compile(JSContext* cx, const ScriptDefinition& script, JS::HandleObject async_function);

}  // namespace penstock::sandbox
