#include "libs/json_schema/uri.h"

#include <optional>

#include "re2/re2.h"

namespace penstock::json_schema {
namespace {

struct Parts {
  std::optional<std::string> scheme, authority, query, fragment;
  std::string path;
};

// A group that took no part in the match has no data.
std::optional<std::string> Taken(re2::StringPiece group) {
  if (group.data() == nullptr) return std::nullopt;
  return group.as_string();
}

Parts Parse(std::string_view uri) {
  // RFC 3986, appendix B.
  static const RE2& form =
      *new RE2(R"((?s)(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?)");
  re2::StringPiece scheme, authority, path, query, fragment;
  RE2::FullMatch({uri.data(), uri.size()}, form, &scheme, &authority, &path, &query, &fragment);
  return {Taken(scheme), Taken(authority), Taken(query), Taken(fragment), path.as_string()};
}

std::string Write(const Parts& parts) {
  std::string uri;
  if (parts.scheme) uri += *parts.scheme + ":";
  if (parts.authority) uri += "//" + *parts.authority;
  uri += parts.path;
  if (parts.query) uri += "?" + *parts.query;
  if (parts.fragment) uri += "#" + *parts.fragment;
  return uri;
}

// RFC 3986, 5.2.4.
std::string RemoveDotSegments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    const std::string_view name = segment[0] == '/' ? segment.substr(1) : segment;
    path.remove_prefix(end);
    if (name == "..") out.erase(std::min(out.rfind('/'), out.size()));
    if (name == "." || name == "..") {
      if (path.empty()) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

std::string MergePaths(const Parts& base, const std::string& path) {
  if (base.authority && base.path.empty()) return "/" + path;
  const size_t slash = base.path.rfind('/');
  return (slash == std::string::npos ? "" : base.path.substr(0, slash + 1)) + path;
}

}  // namespace

std::string ResolveUri(std::string_view base_text, std::string_view reference_text) {
  Parts reference = Parse(reference_text);
  if (reference.scheme) return std::string(reference_text);
  Parts base = Parse(base_text);
  if (!reference.authority) {
    if (reference.path.empty()) {
      if (!reference.query) reference.query = base.query;
      reference.path = base.path;
    } else {
      const bool absolute = reference.path[0] == '/';
      reference.path =
          RemoveDotSegments(absolute ? reference.path : MergePaths(base, reference.path));
    }
    reference.authority = base.authority;
  }
  reference.scheme = base.scheme;
  return Write(reference);
}

SplitUri SplitFragment(std::string_view uri) {
  const size_t hash = uri.find('#');
  if (hash == uri.npos) return {uri, {}};
  return {uri.substr(0, hash), uri.substr(hash + 1)};
}

}  // namespace penstock::json_schema
