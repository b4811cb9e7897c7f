#include "services/workflow_engine/templates/template.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/templates/sources.h"

namespace penstock::workflow_engine {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

absl::Status TooLarge() {
  return absl::ResourceExhaustedError(
      fmt::format("rendered to more than {} MiB", kMaxRenderedBytes >> 20));
}

}  // namespace

absl::StatusOr<Template> Template::Parse(std::string_view text) {
  Template result;
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) result.pieces_.push_back({std::exchange(literal, {}), {}});
  };
  while (!text.empty()) {
    const size_t open = text.find(kOpen);
    literal += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open + kOpen.size());
    if (open > 0 && literal.back() == '\\') {
      literal.back() = kOpen[0];
      literal += kOpen[1];
      continue;
    }
    const size_t close = text.find(kClose);
    if (close == std::string_view::npos) {
      return absl::InvalidArgumentError("\"{{\" without \"}}\"; write \"\\{{\" for the characters");
    }
    const std::string_view inside = Trimmed(text.substr(0, close));
    std::optional<json::Path> path = json::ParsePath(inside);
    if (!path) {
      return absl::InvalidArgumentError(fmt::format(
          "\"{{{{{}}}}}\" is not a path such as \"user.emails[0]\"; use a function node for more",
          inside));
    }
    end_literal();
    result.pieces_.push_back({"", *std::move(path)});
    text.remove_prefix(close + kClose.size());
  }
  end_literal();
  return result;
}

std::vector<json::Path> Template::paths() const {
  std::vector<json::Path> paths;
  for (const Piece& piece : pieces_) {
    if (!piece.path.empty()) paths.push_back(piece.path);
  }
  return paths;
}

absl::StatusOr<std::string> Template::RenderText(const NodeContext& context) const {
  if (is_constant()) return pieces_.empty() ? std::string() : pieces_[0].text;
  Sources sources(context);
  std::string out;
  for (const Piece& piece : pieces_) {
    piece.path.empty() ? void(out += piece.text) : void(sources.AppendText(piece.path, out));
    if (out.size() > kMaxRenderedBytes) return TooLarge();
  }
  return out;
}

absl::StatusOr<std::string> Template::RenderEscaped(
    const NodeContext& context, std::string (*escape)(std::string_view)) const {
  Sources sources(context);
  std::string out;
  for (const Piece& piece : pieces_) {
    std::string value;
    if (!piece.path.empty()) sources.AppendText(piece.path, value);
    const bool escaped = !piece.path.empty() && &piece != &pieces_.front();
    out += piece.path.empty() ? piece.text : escaped ? escape(value) : value;
    if (out.size() > kMaxRenderedBytes) return TooLarge();
  }
  return out;
}

absl::StatusOr<std::string> Template::RenderJson(const NodeContext& context) const {
  if (!is_one_hole()) {
    ASSIGN_OR_RETURN(std::string text, RenderText(context));
    return json::Quoted(text);
  }
  Sources sources(context);
  std::string out;
  if (!sources.AppendJson(pieces_[0].path, out)) return std::string("null");
  return out;
}

absl::StatusOr<JsonTemplate> JsonTemplate::Parse(const Json& value) {
  JsonTemplate result;
  RETURN_IF_ERROR(result.Add(value, ""));
  return result;
}

void JsonTemplate::AddText(std::string_view json) {
  if (parts_.empty() || !parts_.back().value.empty()) parts_.emplace_back();
  parts_.back().json += json;
}

absl::Status JsonTemplate::Add(const Json& value, const std::string& where) {
  if (value.is_object()) {
    std::string_view before = "{";
    for (const auto& [name, member] : value.items()) {
      AddText(before);
      AddText(json::Quoted(name) + ":");
      RETURN_IF_ERROR(Add(member, where.empty() ? name : where + "." + name));
      before = ",";
    }
    AddText(value.empty() ? "{}" : "}");
    return absl::OkStatus();
  }
  if (value.is_array()) {
    AddText("[");
    for (size_t i = 0; i < value.size(); ++i) {
      if (i > 0) AddText(",");
      RETURN_IF_ERROR(Add(value[i], fmt::format("{}[{}]", where, i)));
    }
    AddText("]");
    return absl::OkStatus();
  }
  if (!value.is_string()) {
    AddText(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    return absl::OkStatus();
  }
  absl::StatusOr<Template> parsed = Template::Parse(value.get_ref<const std::string&>());
  if (!parsed.ok()) return where.empty() ? parsed.status() : WithContext(parsed.status(), where);
  if (parsed->is_constant()) {
    AddText(json::Quoted(parsed->pieces_.empty() ? "" : parsed->pieces_[0].text));
  } else {
    parts_.push_back({"", {*std::move(parsed)}});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> JsonTemplate::Render(const NodeContext& context) const {
  std::string out;
  for (const Part& part : parts_) {
    if (part.value.empty()) {
      out += part.json;
    } else {
      ASSIGN_OR_RETURN(std::string rendered, part.value[0].RenderJson(context));
      out += rendered;
    }
    if (out.size() > kMaxRenderedBytes) return TooLarge();
  }
  return out;
}

}  // namespace penstock::workflow_engine
