#include "services/connector/providers/url_template.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/egress/url.h"
#include "libs/status/macros.h"
#include "re2/re2.h"
#include "services/connector/providers/host_pattern.h"

namespace penstock::connector {
namespace {

using Piece = UrlTemplate::Piece;

constexpr std::string_view kScheme = "https://";

std::optional<std::string> VariableIn(const std::string& text) {
  static const RE2& form = *new RE2(R"(\{([a-z][a-z0-9_]{0,31})\})");
  std::string name;
  return RE2::FullMatch(text, form, &name) ? std::optional<std::string>(name) : std::nullopt;
}

bool IsPlainSegment(const std::string& text) {
  static const RE2& form = *new RE2(R"([A-Za-z0-9._~:@=,+-]*)");
  return text != "." && text != ".." && RE2::FullMatch(text, form);
}

std::vector<Piece> Split(std::string_view text, char separator) {
  std::vector<Piece> pieces;
  for (size_t start = 0;;) {
    const size_t end = text.find(separator, start);
    std::string piece(text.substr(start, end - start));
    const std::optional<std::string> variable = VariableIn(piece);
    pieces.push_back(variable ? Piece{true, *variable} : Piece{false, std::move(piece)});
    if (end == std::string_view::npos) return pieces;
    start = end + 1;
  }
}

absl::Status Bad(std::string_view what) { return absl::InvalidArgumentError(std::string(what)); }

absl::Status CheckHost(const std::vector<Piece>& labels) {
  if (labels.size() == 1 && labels[0].is_variable) return absl::OkStatus();
  std::string host;
  for (const Piece& label : labels) {
    if (!host.empty()) host += '.';
    host += label.is_variable ? "label" : label.text;
  }
  // The name under which everything else lies has to be written out.
  const bool ends_fixed =
      labels.size() >= 2 && !labels.back().is_variable && !labels[labels.size() - 2].is_variable;
  if (!IsHostName(host) || !ends_fixed) {
    return Bad(
        "needs a host name in lower case, in which a {variable} is one whole label and not "
        "of the last two, or the whole host");
  }
  return absl::OkStatus();
}

absl::Status CheckPath(const std::vector<Piece>& segments) {
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].is_variable) continue;
    const bool is_last = i + 1 == segments.size();
    if (!IsPlainSegment(segments[i].text) || (segments[i].text.empty() && !is_last)) {
      return Bad(
          "has a path in which a {variable} is one whole segment, without empty or dot "
          "segments, escapes, query or fragment");
    }
  }
  return absl::OkStatus();
}

// Fill does not trust whoever checked the values before.
absl::Status CheckValues(const std::vector<Piece>& pieces, bool are_labels,
                         const std::map<std::string, std::string>& values) {
  for (const Piece& piece : pieces) {
    if (!piece.is_variable) continue;
    const auto value = values.find(piece.text);
    if (value == values.end()) return Bad(fmt::format("has no value for {{{}}}", piece.text));
    const bool is_host = are_labels && pieces.size() == 1;
    const bool fits = is_host      ? IsHostName(value->second)
                      : are_labels ? IsDnsLabel(value->second)
                                   : IsPlainSegment(value->second) && !value->second.empty();
    if (!fits) return Bad(fmt::format("can't take the value of {{{}}}", piece.text));
  }
  return absl::OkStatus();
}

std::string Join(const std::vector<Piece>& pieces, char separator,
                 const std::map<std::string, std::string>& values) {
  std::string joined;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) joined += separator;
    joined += pieces[i].is_variable ? values.at(pieces[i].text) : pieces[i].text;
  }
  return joined;
}

}  // namespace

absl::StatusOr<UrlTemplate> UrlTemplate::Parse(std::string_view text) {
  if (text.size() > 2048) return Bad("is longer than 2048 bytes");
  if (!text.starts_with(kScheme)) return Bad("must begin with https://");
  std::string_view rest = text.substr(kScheme.size());
  const size_t slash = rest.find('/');
  std::string_view host = rest.substr(0, slash);
  if (host.ends_with(":443")) host.remove_suffix(4);
  UrlTemplate parsed;
  parsed.labels_ = Split(host, '.');
  RETURN_IF_ERROR(CheckHost(parsed.labels_));
  if (slash != std::string_view::npos) parsed.segments_ = Split(rest.substr(slash + 1), '/');
  RETURN_IF_ERROR(CheckPath(parsed.segments_));
  return parsed;
}

std::set<std::string> UrlTemplate::VariableNames() const {
  std::set<std::string> names;
  for (const std::vector<Piece>* pieces : {&labels_, &segments_}) {
    for (const Piece& piece : *pieces) {
      if (piece.is_variable) names.insert(piece.text);
    }
  }
  return names;
}

absl::StatusOr<std::string> UrlTemplate::Fill(
    const std::map<std::string, std::string>& values,
    const google::protobuf::RepeatedPtrField<std::string>& hosts) const {
  RETURN_IF_ERROR(CheckValues(labels_, true, values));
  RETURN_IF_ERROR(CheckValues(segments_, false, values));
  const std::string host = Join(labels_, '.', values);
  std::string text(kScheme);
  text += host;
  if (!segments_.empty()) text += "/" + Join(segments_, '/', values);
  ASSIGN_OR_RETURN(const egress::Url url, egress::Url::Parse(text));
  if (url.scheme() != "https" || url.port() != 443 || url.host() != host || !IsHostName(host)) {
    return Bad("is not the URL that was meant, with these values");
  }
  if (!HostMatchesAny(hosts, host)) {
    return Bad(fmt::format("leads to {}, which the provider's hosts do not allow", host));
  }
  return text;
}

}  // namespace penstock::connector
