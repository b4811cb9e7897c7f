// "minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType".
#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/json/validate.h"
#include "libs/json_schema/evaluation.h"
#include "libs/json_schema/format.h"
#include "libs/json_schema/schema_reader.h"

namespace penstock::json_schema {
namespace {

// Characters of UTF-8 text, which JSON Schema counts.
size_t CountCharacters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
}

const std::string* TextOf(const Instance& at) {
  return at.value.is_string() ? &at.value.get_ref<const std::string&>() : nullptr;
}

class LengthRule final : public Keyword {
 public:
  LengthRule(const Node& owner, std::optional<size_t> min, std::optional<size_t> max)
      : Keyword(owner), min_(min), max_(max) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    const std::string* text = TextOf(at);
    if (text == nullptr) return true;
    if (!run.Spend(text->size() / 64)) return false;
    const size_t length = CountCharacters(*text);
    if (min_ && length < *min_) {
      return run.Fail(at, owner_, "minLength",
                      fmt::format("must have at least {} characters", *min_));
    }
    if (max_ && length > *max_) {
      return run.Fail(at, owner_, "maxLength",
                      fmt::format("must have at most {} characters", *max_));
    }
    return true;
  }

 private:
  const std::optional<size_t> min_, max_;
};

class PatternRule final : public Keyword {
 public:
  PatternRule(const Node& owner, const Pattern& pattern, std::string_view text)
      : Keyword(owner), pattern_(pattern), message_(fmt::format("must match \"{}\"", text)) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    const std::string* text = TextOf(at);
    if (text == nullptr) return true;
    if (!run.Spend(pattern_.Cost(text->size()))) return false;
    return pattern_.IsFoundIn(*text) || run.Fail(at, owner_, "pattern", message_);
  }

 private:
  const Pattern& pattern_;
  const std::string message_;
};

class FormatRule final : public Keyword {
 public:
  FormatRule(const Node& owner, const Format& format) : Keyword(owner), format_(format) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    const std::string* text = TextOf(at);
    if (text == nullptr) return true;
    if (!run.Spend(format_.steps + text->size() / 16)) return false;
    return format_.check(*text) ||
           run.Fail(at, owner_, "format", fmt::format("must be of the format {}", format_.name));
  }

 private:
  const Format& format_;
};

class ContentRule final : public Keyword {
 public:
  ContentRule(const Node& owner, bool base64, bool json)
      : Keyword(owner), base64_(base64), json_(json) {}

  bool Check(const Instance& at, Evaluation& run) const override {
    const std::string* text = TextOf(at);
    if (text == nullptr) return true;
    if (!run.Spend(text->size() / 16)) return false;
    const std::optional<std::string> content = base64_ ? crypto::Base64Decode(*text) : *text;
    if (!content) return run.Fail(at, owner_, "contentEncoding", "must be base64");
    return !json_ || json::Validate(*content).ok() ||
           run.Fail(at, owner_, "contentMediaType", "must hold JSON");
  }

 private:
  const bool base64_, json_;
};

}  // namespace

void ReadStringKeywords(SchemaReader& reader) {
  const std::optional<size_t> min = reader.Count("minLength"), max = reader.Count("maxLength");
  if (min || max) reader.Add<LengthRule>(min, max);
  if (const std::optional<std::string> text = reader.Text("pattern")) {
    const Pattern* pattern = reader.CompilePattern(*text, "/pattern");
    if (pattern != nullptr) reader.Add<PatternRule>(*pattern, *text);
  }
  if (const std::optional<std::string> name = reader.Text("format")) {
    if (const Format* format = FindFormat(*name)) reader.Add<FormatRule>(*format);
  }
  const bool base64 = reader.Text("contentEncoding") == "base64";
  const bool json = reader.Text("contentMediaType") == "application/json";
  if (base64 || json) reader.Add<ContentRule>(base64, json);
}

}  // namespace penstock::json_schema
