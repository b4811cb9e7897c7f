// Bytes that must not leak: in locked memory, wiped when freed, never copied, streamed, formatted
// or logged by accident.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace penstock::crypto {

class Secret {
 public:
  Secret() = default;
  // Copies `bytes`; the caller wipes its own copy (Wipe below).
  explicit Secret(std::string_view bytes);
  static Secret Random(size_t size);

  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  // The one way to read it; named so that readers can be found.
  std::string_view Reveal() const { return {reinterpret_cast<const char*>(data_), size_}; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  template <typename Stream>
  friend Stream& operator<<(Stream&, const Secret&) = delete;

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

// Overwrites the characters of a text that held a secret, then clears it.
void Wipe(std::string& text);

// The trimmed contents of a file of at most 64 KiB. NOT_FOUND, PERMISSION_DENIED or
// INVALID_ARGUMENT (empty, too large, not a regular file) name the path only.
absl::StatusOr<Secret> ReadSecretFile(const std::string& path);
// The same, untrimmed and possibly empty: for keys of raw bytes.
absl::StatusOr<Secret> ReadSecretFileRaw(const std::string& path);

}  // namespace penstock::crypto
