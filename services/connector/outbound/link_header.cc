#include "services/connector/outbound/link_header.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace penstock::connector {
namespace {

// Reads Link = #( "<" URI-Reference ">" *( OWS ";" OWS [ token [ "=" ( token / quoted ) ] ] ) ).
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Nothing at the end, and after what is no link.
  std::optional<Link> Next() {
    SkipAny(" \t,");
    if (!Skip('<')) return std::nullopt;
    const size_t end = text_.find('>');
    if (end == std::string_view::npos) return std::nullopt;
    Link link{.target = std::string(text_.substr(0, end))};
    text_.remove_prefix(end + 1);
    while (SkipAny(" \t"), Skip(';')) {
      SkipAny(" \t");
      const std::string name = Token();
      SkipAny(" \t");
      if (!Skip('=')) continue;
      SkipAny(" \t");
      const std::string value = text_.starts_with('"') ? Quoted() : Token();
      // The first counts.
      if (absl::EqualsIgnoreCase(name, "rel") && link.relations.empty()) {
        link.relations = absl::StrSplit(value, absl::ByAnyChar(" \t"), absl::SkipEmpty());
      }
    }
    return link;
  }

 private:
  bool Skip(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void SkipAny(std::string_view characters) {
    text_.remove_prefix(std::min(text_.find_first_not_of(characters), text_.size()));
  }
  std::string Token() {
    const size_t end = std::min(text_.find_first_of(" \t,;=\"<>"), text_.size());
    std::string token(text_.substr(0, end));
    text_.remove_prefix(end);
    return token;
  }
  std::string Quoted() {
    std::string value;
    text_.remove_prefix(1);
    while (!text_.empty() && !Skip('"')) {
      if (text_.size() > 1 && text_.front() == '\\') text_.remove_prefix(1);
      value += text_.front();
      text_.remove_prefix(1);
    }
    return value;
  }

  std::string_view text_;
};

}  // namespace

std::vector<Link> ParseLinks(std::string_view value) {
  std::vector<Link> links;
  Reader reader(value);
  while (std::optional<Link> link = reader.Next()) links.push_back(*std::move(link));
  return links;
}

std::optional<std::string> FindLink(const egress::HttpResponse& response,
                                    std::string_view relation) {
  const auto is_it = [&](const std::string& other) {
    return absl::EqualsIgnoreCase(other, {relation.data(), relation.size()});
  };
  for (const auto& [name, value] : response.headers) {
    if (name != "link") continue;
    for (const Link& link : ParseLinks(value)) {
      if (std::ranges::any_of(link.relations, is_it)) return link.target;
    }
  }
  return std::nullopt;
}

}  // namespace penstock::connector
