#include "libs/mail/testing/parsed_mail.h"

#include <optional>
#include <string_view>
#include <vector>

#include "libs/crypto/encoding.h"
#include "libs/testing/check.h"

namespace penstock::mail {
namespace {

using testing::Fail;

std::vector<std::string> LinesOf(const std::string& bytes) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t end = bytes.find("\r\n", begin);
    if (end == std::string::npos) Fail("parse mail", "the last line has no end");
    lines.push_back(bytes.substr(begin, end - begin));
    const bool has_words = lines.back().find("=?UTF-8?") != std::string::npos;
    if (lines.back().size() > (has_words ? 76 : 998)) Fail("parse mail", "a line is too long");
    for (char c : lines.back()) {
      if (c == '\r' || c == '\n' || static_cast<unsigned char>(c) >= 0x80)
        Fail("parse mail", lines.back());
    }
    begin = end + 2;
  }
  return lines;
}

// RFC 2047: white space between two encoded words is not part of the text.
std::string DecodeWords(std::string_view text) {
  constexpr std::string_view kBegin = "=?UTF-8?B?";
  std::string decoded;
  bool after_word = false;
  while (!text.empty()) {
    const size_t begin = text.find(kBegin);
    const std::string_view between = text.substr(0, begin);
    if (!after_word || begin == text.npos || between.find_first_not_of(' ') != between.npos)
      decoded += between;
    if (begin == text.npos) break;
    const size_t end = text.find("?=", begin + kBegin.size());
    if (end == text.npos || end + 2 - begin > 75) Fail("parse mail", text);
    std::optional<std::string> word =
        crypto::Base64Decode(text.substr(begin + kBegin.size(), end - begin - kBegin.size()));
    if (!word) Fail("parse mail", text);
    decoded += *word;
    text.remove_prefix(end + 2);
    after_word = true;
  }
  return decoded;
}

std::string DecodeQuotedPrintable(const std::vector<std::string>& lines, size_t first) {
  std::string text;
  for (size_t i = first; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.size() > 76 || line.ends_with(' ') || line.ends_with('\t')) Fail("parse mail", line);
    const bool soft = line.ends_with('=');
    if (soft) line.remove_suffix(1);
    while (!line.empty()) {
      const bool escaped = line.front() == '=';
      std::optional<std::string> byte =
          escaped ? crypto::HexDecode(line.substr(1, 2)) : std::string(1, line.front());
      if (!byte || byte->size() != 1) Fail("parse mail", line);
      text += *byte;
      line.remove_prefix(escaped ? 3 : 1);
    }
    if (!soft) text += '\n';
  }
  return text;
}

}  // namespace

ParsedMail ParseMail(const std::string& bytes) {
  const std::vector<std::string> lines = LinesOf(bytes);
  ParsedMail mail;
  std::string name;
  std::map<std::string, std::string> raw;
  size_t i = 0;
  for (; i < lines.size() && !lines[i].empty(); ++i) {
    if (lines[i].front() == ' ') {
      raw.at(name) += lines[i];
      continue;
    }
    const size_t colon = lines[i].find(": ");
    if (colon == std::string::npos) Fail("parse mail", lines[i]);
    name = lines[i].substr(0, colon);
    if (!raw.emplace(name, lines[i].substr(colon + 2)).second) Fail("a header twice", name);
  }
  for (const auto& [header, value] : raw) mail.headers[header] = DecodeWords(value);
  mail.text = DecodeQuotedPrintable(lines, i + 1);
  return mail;
}

}  // namespace penstock::mail
