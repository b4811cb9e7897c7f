#include "libs/json_schema/format_network.h"

#include <arpa/inet.h>

#include <string>

#include "re2/re2.h"

namespace penstock::json_schema {
namespace {

constexpr size_t kMaxHostname = 253;

bool Matches(std::string_view text, const RE2& form) {
  return RE2::FullMatch({text.data(), text.size()}, form);
}

// Characters beyond ASCII that an IRI may have.
constexpr std::string_view kUcs =
    R"(\x{a0}-\x{d7ff}\x{f900}-\x{fdcf}\x{fdf0}-\x{ffef}\x{10000}-\x{efffd})";

// RFC 3986, appendix A; `more` characters stand beside the unreserved ones.
struct UriForms {
  explicit UriForms(std::string_view more_characters)
      : more(more_characters), uri(Absolute()), reference(Absolute() + "|" + Relative()) {}

  std::string Any(const std::string& also) const {
    return "(?:[A-Za-z0-9._~!$&'()*+,;=" + more + also + "-]|%[0-9A-Fa-f]{2})";
  }
  std::string Segment() const { return Any(":@"); }
  std::string Authority() const {
    return "//(?:" + Any(":") + "*@)?(?:\\[[0-9A-Fa-f:.]+\\]|" + Any("") + "*)(?::[0-9]*)?(?:/" +
           Segment() + "*)*";
  }
  std::string Tail() const { return "(?:\\?" + Any(":@/?") + "*)?(?:#" + Any(":@/?") + "*)?"; }
  std::string Absolute() const {
    return "(?:[A-Za-z][A-Za-z0-9+.-]*:(?:" + Authority() + "|/?(?:" + Segment() + "+(?:/" +
           Segment() + "*)*)?)" + Tail() + ")";
  }
  std::string Relative() const {
    return "(?:(?:" + Authority() + "|/(?:" + Segment() + "+(?:/" + Segment() + "*)*)?|" +
           Any("@") + "+(?:/" + Segment() + "*)*|)" + Tail() + ")";
  }

  const std::string more;
  const RE2 uri;
  const RE2 reference;
};

const UriForms& Ascii() {
  static const UriForms& forms = *new UriForms("");
  return forms;
}

const UriForms& Unicode() {
  static const UriForms& forms = *new UriForms(kUcs);
  return forms;
}

// Text without NUL, which would end it early.
bool IsAddress(int family, std::string_view text) {
  unsigned char parsed[16];
  const std::string copy(text);
  return copy.find('\0') == copy.npos && inet_pton(family, copy.c_str(), parsed) == 1;
}

std::string EmailForm(const std::string& more) {
  const std::string atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~" + more + "-]+";
  const std::string label =
      "[A-Za-z0-9" + more + "](?:[A-Za-z0-9" + more + "-]{0,61}[A-Za-z0-9" + more + "])?";
  return "(?:" + atom + "(?:\\." + atom + ")*|\"(?:[ !#-\\[\\]-~" + more +
         "]|\\\\[ -~])*\")@(?:" + label + "(?:\\." + label + ")*|\\[[0-9A-Za-z.:]+\\])";
}

}  // namespace

bool IsHostname(std::string_view text) {
  static const RE2& form = *new RE2(
      "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
      "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  return text.size() <= kMaxHostname && Matches(text, form);
}

bool IsEmail(std::string_view text) {
  static const RE2& form = *new RE2(EmailForm(""));
  return Matches(text, form);
}

bool IsIdnEmail(std::string_view text) {
  static const RE2& form = *new RE2(EmailForm("\\x{80}-\\x{10ffff}"));
  return Matches(text, form);
}

bool IsIpv4(std::string_view text) { return IsAddress(AF_INET, text); }
bool IsIpv6(std::string_view text) { return IsAddress(AF_INET6, text); }
bool IsUri(std::string_view text) { return Matches(text, Ascii().uri); }
bool IsUriReference(std::string_view text) { return Matches(text, Ascii().reference); }
bool IsIri(std::string_view text) { return Matches(text, Unicode().uri); }
bool IsIriReference(std::string_view text) { return Matches(text, Unicode().reference); }

}  // namespace penstock::json_schema
