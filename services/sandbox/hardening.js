// Runs once in each new realm, before any user code, and leaves nothing behind.
//
// It takes away what could carry state or reach outside, then freezes everything that can be reached
// from the global object, so that an evaluation finds the realm as the one before it found it.
// The global scope must stay clean: everything happens inside this function.
(function harden() {
  'use strict';
  const {
    defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf,
  } = Object;
  const { ownKeys, deleteProperty } = Reflect;

  // Handed to the host, which uses it to check syntax.
  const AsyncFunction = getPrototypeOf(async function () {}).constructor;

  // Gone: code from text, shared memory, observers of the collector.
  const removed = [
    'eval', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'WebAssembly', 'uneval',
    'ReadableStream', 'ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'console', 'print', 'dump',
  ];
  for (const name of removed) deleteProperty(globalThis, name);
  deleteProperty(RegExp.prototype, 'compile');  // rewrites a regular expression in place

  // The legacy statics of RegExp ($1, lastMatch, input...) remember the last match of whoever ran before,
  // and cannot be deleted. A constructor without them takes its place; the original is out of reach then.
  const NativeRegExp = RegExp;
  const { construct } = Reflect;
  const SafeRegExp = function RegExp(pattern, flags) {
    if (new.target === undefined) {
      const same = flags === undefined && Object(pattern) === pattern && pattern[Symbol.match] &&
        pattern.constructor === SafeRegExp;
      return same ? pattern : construct(NativeRegExp, [pattern, flags], SafeRegExp);
    }
    return construct(NativeRegExp, [pattern, flags], new.target);
  };
  defineProperty(SafeRegExp, 'length', { value: 2 });
  defineProperty(SafeRegExp, 'prototype', { value: NativeRegExp.prototype, writable: false });
  defineProperty(SafeRegExp, Symbol.species, getOwnPropertyDescriptor(NativeRegExp, Symbol.species));
  defineProperty(NativeRegExp.prototype, 'constructor', { value: SafeRegExp });
  defineProperty(globalThis, 'RegExp', { value: SafeRegExp });

  // A frozen data property of a prototype cannot be shadowed by assignment (`error.name = ...` throws).
  // What programs commonly shadow becomes an accessor that behaves like the data property would have.
  function allowOverride(object, keys) {
    for (const key of keys) {
      const descriptor = getOwnPropertyDescriptor(object, key);
      if (!descriptor || !('value' in descriptor) || !descriptor.configurable) continue;
      const { value } = descriptor;
      const accessors = {
        get() { return value; },
        set(replacement) {
          if (this === object) throw new TypeError(`Cannot assign to frozen property '${String(key)}'`);
          defineProperty(this, key, {
            value: replacement, writable: true, enumerable: true, configurable: true,
          });
        },
      };
      defineProperty(object, key, {
        get: accessors.get, set: accessors.set, enumerable: descriptor.enumerable, configurable: false,
      });
    }
  }
  const common = ['constructor', 'toString', 'toLocaleString', 'valueOf', 'name', 'message', 'toJSON'];
  allowOverride(Object.prototype, ownKeys(Object.prototype));
  allowOverride(Function.prototype, [...common, 'bind', 'call', 'apply']);
  allowOverride(Array.prototype, ['constructor', 'toString', 'concat', 'push']);
  for (const name of ownKeys(globalThis)) {
    const value = globalThis[name];
    if (typeof value !== 'function' || !value.prototype) continue;
    if (value === Object || value === Function || value === Array) continue;
    allowOverride(value.prototype, common);
  }

  // Everything reachable: own properties, accessors and prototypes, beginning with the global object and
  // what only syntax reaches. An explicit list of work, because the chain is deep.
  const seen = new Set();
  const work = [];
  const add = (value) => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (!seen.has(value)) {
        seen.add(value);
        work.push(value);
      }
    }
  };
  add(globalThis);
  add(async function () {});
  add(function* () {});
  add(async function* () {});
  add(getPrototypeOf(async function* () {}.prototype));
  add([][Symbol.iterator]());
  add(new Map()[Symbol.iterator]());
  add(new Set()[Symbol.iterator]());
  add(''[Symbol.iterator]());
  add(''.matchAll(/x/g));
  add(getOwnPropertyDescriptor(function () { 'use strict'; return arguments; }(), 'callee').get);
  if (typeof Intl === 'object' && Intl.Segmenter) {
    const segments = new Intl.Segmenter().segment('');
    add(segments);
    add(segments[Symbol.iterator]());
  }
  for (let i = 0; i < work.length; i++) {
    const object = work[i];
    add(getPrototypeOf(object));
    for (const key of ownKeys(object)) {
      const descriptor = getOwnPropertyDescriptor(object, key);
      if ('value' in descriptor) {
        add(descriptor.value);
      } else {
        add(descriptor.get);
        add(descriptor.set);
      }
    }
  }
  for (let i = 0; i < work.length; i++) freeze(work[i]);
  return AsyncFunction;
})();
