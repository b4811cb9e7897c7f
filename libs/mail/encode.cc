#include "libs/mail/encode.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"

namespace penstock::mail {
namespace {

// 39 bytes are 52 of base64 and 64 with "=?UTF-8?B?" and "?=": behind "Subject: " they stay within
// the 76 that a line with encoded words may have.
constexpr size_t kBytesOfWord = 39;
constexpr size_t kMaxPlain = 60;
constexpr size_t kMaxLine = 76;

bool IsPrintableAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// Whether it can't be mistaken for encoded words.
bool CanStand(std::string_view text) {
  return text.size() <= kMaxPlain && IsPrintableAscii(text) && text.find("=?") == text.npos;
}

// At most `most` bytes from the front, no character cut in two.
std::string_view WholeCharacters(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

std::string EncodedWords(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    const std::string_view part = WholeCharacters(text, kBytesOfWord);
    words +=
        fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", crypto::Base64Encode(part));
    text.remove_prefix(part.size());
  }
  return words;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string EncodeSubject(std::string_view text) {
  // White space at an edge would be lost in folding.
  const bool edges = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  return CanStand(text) && !edges ? std::string(text) : EncodedWords(text);
}

std::string EncodeName(std::string_view name) {
  if (!CanStand(name)) return EncodedWords(name);
  const bool bare = std::ranges::all_of(
      name, [](unsigned char c) { return absl::ascii_isalnum(c) || c == ' ' || c == '-'; });
  return bare ? std::string(name) : Quoted(name);
}

std::string QuotedPrintable(std::string_view text) {
  std::string encoded;
  size_t column = 0;
  auto end_line = [&] {
    encoded += "\r\n";
    column = 0;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    if (c == '\r' && next == '\n') continue;
    if (c == '\n') {
      end_line();
      continue;
    }
    // White space at the end of a line would be stripped on the way.
    const bool at_end = next == '\n' || next == '\r';
    const bool plain = (c > ' ' && c <= '~' && c != '=') || ((c == ' ' || c == '\t') && !at_end);
    const std::string token =
        plain ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + token.size() > kMaxLine - 1) {  // room for the '=' of a soft break
      encoded += '=';
      end_line();
    }
    encoded += token;
    column += token.size();
  }
  if (column > 0) end_line();
  return encoded;
}

}  // namespace penstock::mail
