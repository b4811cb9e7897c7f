// References between the parts of a schema that carry an "$id" (RFC 3986, section 5).
#pragma once

#include <string>
#include <string_view>

namespace penstock::json_schema {

// What `reference` means where `base` holds; both may be relative, `base` has no fragment.
std::string ResolveUri(std::string_view base, std::string_view reference);

struct SplitUri {
  std::string_view resource;
  std::string_view fragment;  // without '#', still percent-encoded
};
SplitUri SplitFragment(std::string_view uri);

}  // namespace penstock::json_schema
