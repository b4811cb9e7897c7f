// Reads a few places of a JSON text without building the whole of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/json/path.h"

namespace penstock::json {

// A JSON text prepared for look-ups. Copies the text; cheap for small ones, since buffers are reused within a thread. Not for use by
// two threads at once.
class Lookup {
 public:
  explicit Lookup(std::string_view text);
  ~Lookup();
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  // Appends the value at path[from...] as compact JSON, numbers exactly as written. False when there is nothing there.
  bool AppendJson(const Path& path, size_t from, std::string& out);

  // Appends it as people read it: strings bare, null as nothing, all else as JSON. False when there is nothing there.
  bool AppendText(const Path& path, size_t from, std::string& out);

 private:
  struct Buffers;
  class Pool;
  template <typename Sink>
  bool Visit(const Path& path, size_t from, Sink&& sink);

  std::unique_ptr<Buffers> buffers_;
  bool readable_ = false;
};

}  // namespace penstock::json
