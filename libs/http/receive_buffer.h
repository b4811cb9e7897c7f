// Bytes received and not yet consumed, in one piece of memory that grows when it must. Internal to
// the server.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>

namespace penstock::http {

class ReceiveBuffer {
 public:
  char* data() { return memory_.get() + begin_; }
  size_t size() const { return end_ - begin_; }
  char* room() { return memory_.get() + end_; }
  size_t room_size() const { return capacity_ - end_; }

  void Received(size_t bytes) { end_ += bytes; }
  void Consume(size_t bytes) {
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  // As Consume, while a read into room() is under way: nothing that is still to be filled may move.
  void ConsumeInPlace(size_t bytes) { begin_ += bytes; }

  // Removes bytes from the middle.
  void Erase(size_t offset, size_t bytes) {
    std::memmove(data() + offset, data() + offset + bytes, size() - offset - bytes);
    end_ -= bytes;
  }

  // Makes room for more, by moving or growing: data() changes.
  void MakeRoom() {
    if (begin_ > 0) {
      std::memmove(memory_.get(), data(), size());
      end_ -= begin_;
      begin_ = 0;
    }
    if (room_size() >= capacity_ / 2 && capacity_ > 0) return;
    Resize(std::max(kSmall, 2 * capacity_));
  }
  // Gives back what a large request needed. Only when empty.
  void Shrink() {
    if (size() == 0 && capacity_ > kLarge) Resize(kSmall);
  }

 private:
  static constexpr size_t kSmall = 4 * 1024;
  static constexpr size_t kLarge = 64 * 1024;

  void Resize(size_t capacity) {
    auto memory = std::make_unique_for_overwrite<char[]>(capacity);
    const size_t kept = size();
    if (kept > 0) std::memcpy(memory.get(), data(), kept);
    memory_ = std::move(memory);
    capacity_ = capacity;
    begin_ = 0;
    end_ = kept;
  }

  std::unique_ptr<char[]> memory_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace penstock::http
