// UTF-16, as SpiderMonkey writes JSON, to UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace penstock::sandbox {

// Appends to `text`; a lone surrogate becomes U+FFFD (JSON.stringify has escaped those of strings).
// False when the text would become longer than `limit` bytes.
inline bool AppendUtf8(const char16_t* in, size_t length, size_t limit, std::string& text) {
  text.reserve(text.size() + length);
  for (size_t i = 0; i < length; ++i) {
    if (text.size() > limit) return false;
    uint32_t c = in[i];
    if (c < 0x80) {
      text.push_back(static_cast<char>(c));
      continue;
    }
    if (c < 0x800) {
      text.push_back(static_cast<char>(0xC0 | c >> 6));
      text.push_back(static_cast<char>(0x80 | (c & 0x3F)));
      continue;
    }
    const bool high = c >= 0xD800 && c < 0xDC00;
    if (high && i + 1 < length && in[i + 1] >= 0xDC00 && in[i + 1] < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (in[++i] - 0xDC00);
      text.push_back(static_cast<char>(0xF0 | c >> 18));
      text.push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    } else {
      if (c >= 0xD800 && c < 0xE000) c = 0xFFFD;
      text.push_back(static_cast<char>(0xE0 | c >> 12));
    }
    text.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    text.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
  return text.size() <= limit;
}

}  // namespace penstock::sandbox
