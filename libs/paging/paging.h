// Pages of a list: how many, where the next one begins, and how large the whole is.
//
// A page token is opaque to callers: the position after which the next page begins, and a
// fingerprint of what was being listed, so that a token brought to another list is an error and not
// a wrong answer. It grants nothing: the list is made for the caller anyway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace penstock::paging {

inline constexpr int kDefaultPageSize = 20;
inline constexpr int kMaxPageSize = 200;

// Sizes of lists are counted up to here; a total of kMaxCounted + 1 means "more".
inline constexpr int kMaxCounted = 10'000;

// 0 is the default, more than the maximum the maximum. INVALID_ARGUMENT for a negative one.
absl::StatusOr<int> PageSize(int32_t requested);

// `list` describes what is listed, filters included; the same text must come with the token.
std::string MakePageToken(std::string_view position, std::string_view list);

// The position, or empty for an empty token. INVALID_ARGUMENT when it is no token or one of another
// list.
absl::StatusOr<std::string> ReadPageToken(std::string_view token, std::string_view list);

template <typename T>
struct Page {
  std::vector<T> items;
  std::string next_page_token;  // empty after the last page
  int total_size = 0;
};

}  // namespace penstock::paging
