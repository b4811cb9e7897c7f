#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/outbound/pagination.h"

namespace penstock::connector {
namespace {

using nlohmann::json;
using Style = PaginationStyle;

constexpr int kMostPerPage = 10'000;
constexpr size_t kMaxNameBytes = 100;

struct NamedStyle {
  std::string_view name;
  Style style;
};
constexpr NamedStyle kStyles[] = {{"NONE", Style::kNone},     {"PAGE", Style::kPage},
                                  {"OFFSET", Style::kOffset}, {"CURSOR", Style::kCursor},
                                  {"LINK", Style::kLink},     {"BODY_LINK", Style::kBodyLink}};

// One fact, by the names it may have.
struct Names {
  std::initializer_list<const char*> names;
  const json* Find(const json& config) const {
    for (const char* name : names) {
      const auto found = config.find(name);
      if (found != config.end() && !found->is_null()) return &*found;
    }
    return nullptr;
  }
  const char* first() const { return *names.begin(); }
};
const Names kPosition{
    {"position_parameter", "page_parameter", "offset_parameter", "cursor_parameter"}};
const Names kSizeParameter{{"size_parameter", "limit_parameter"}};
const Names kSize{{"page_size", "size"}};
const Names kFirstPage{{"first_page"}};
const Names kNext{{"next_path", "cursor_path", "next_link_path"}};
const Names kNextFromLast{{"next_from_last_item"}};
const Names kHasMore{{"has_more_path"}};
const Names kItems{{"items_path"}};

absl::StatusOr<std::string> Text(const json& config, const Names& names) {
  const json* value = names.Find(config);
  if (value == nullptr) return "";
  if (!value->is_string() || value->get_ref<const std::string&>().size() > kMaxNameBytes) {
    return InvalidField(names.first(), "must be a text of at most 100 bytes");
  }
  return value->get<std::string>();
}

absl::StatusOr<int> Number(const json& config, const Names& names, int otherwise, int most) {
  const json* value = names.Find(config);
  if (value == nullptr) return otherwise;
  if (!value->is_number_integer() || *value < 0 || *value > most) {
    return InvalidField(names.first(), fmt::format("must be 0 to {}", most));
  }
  return value->get<int>();
}

absl::StatusOr<std::optional<penstock::json::Path>> Place(const json& config, const Names& names) {
  ASSIGN_OR_RETURN(const std::string text, Text(config, names));
  if (text.empty()) return std::nullopt;
  std::optional<penstock::json::Path> path = penstock::json::ParsePath(text);
  if (!path) return InvalidField(names.first(), "must be a place in JSON such as data.next");
  return path;
}

absl::StatusOr<Style> StyleOf(const json& config) {
  const auto found = config.find("style");
  std::string name = found != config.end() && found->is_string() ? found->get<std::string>() : "";
  if (name.starts_with("STYLE_")) name.erase(0, 6);
  const auto row = std::ranges::find(kStyles, name, &NamedStyle::name);
  if (row != std::end(kStyles)) return row->style;
  return InvalidField("style", "must be PAGE, OFFSET, CURSOR, LINK, BODY_LINK or NONE");
}

absl::Status CheckWhole(const Pagination& p) {
  const bool by_position =
      p.style == Style::kPage || p.style == Style::kOffset || p.style == Style::kCursor;
  if (by_position && p.position_parameter.empty()) {
    return InvalidField(kPosition.first(), "must name the parameter of the page, offset or cursor");
  }
  const bool needs_next =
      p.style == Style::kBodyLink || (p.style == Style::kCursor && !p.next_from_last);
  if (needs_next && !p.next_path) {
    return InvalidField(kNext.first(), "must say where the next cursor or URL is");
  }
  if (p.page_size > 0 && p.size_parameter.empty() && p.style != Style::kOffset) {
    return InvalidField(kSizeParameter.first(), "must name the parameter of the page's size");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Pagination> ParsePagination(const json& config) {
  if (config.is_null()) return Pagination();
  if (!config.is_object()) return InvalidField("pagination", "must be an object");
  Pagination p;
  ASSIGN_OR_RETURN(p.style, StyleOf(config));
  ASSIGN_OR_RETURN(p.position_parameter, Text(config, kPosition));
  ASSIGN_OR_RETURN(p.size_parameter, Text(config, kSizeParameter));
  ASSIGN_OR_RETURN(p.page_size, Number(config, kSize, 0, kMostPerPage));
  // The catalogue leaves a zero out.
  const int first_page = config.contains("position_parameter") ? 0 : 1;
  ASSIGN_OR_RETURN(p.first_page, Number(config, kFirstPage, first_page, 1));
  ASSIGN_OR_RETURN(p.next_path, Place(config, kNext));
  ASSIGN_OR_RETURN(p.next_from_last, Place(config, kNextFromLast));
  ASSIGN_OR_RETURN(p.has_more_path, Place(config, kHasMore));
  ASSIGN_OR_RETURN(p.items_path, Place(config, kItems));
  RETURN_IF_ERROR(CheckWhole(p));
  return p;
}

}  // namespace penstock::connector
