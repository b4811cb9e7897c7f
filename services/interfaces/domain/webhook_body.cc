#include "services/interfaces/domain/webhook_body.h"

#include <limits>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fmt/format.h"
#include "libs/http/percent.h"
#include "libs/json/validate.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "simdjson.h"

namespace penstock::interfaces {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

// Finds where JSON stops being JSON, or gets too deep. Slow; only for bodies known to be bad.
class FaultFinder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return ++depth_ <= json::kMaxDepth; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return depth_-- > 0; }
  bool start_array(size_t) override { return ++depth_ <= json::kMaxDepth; }
  bool end_array() override { return depth_-- > 0; }
  bool parse_error(size_t position, const std::string&, const nlohmann::json::exception&) override {
    position_ = position;
    return false;
  }

  size_t position() const { return position_; }

 private:
  int depth_ = 0;
  size_t position_ = 0;  // from 1; 0 = not a matter of syntax
};

absl::Status CheckJson(std::string_view body) {
  absl::Status status = json::Validate(body);
  if (status.ok()) return status;
  FaultFinder finder;
  nlohmann::json::sax_parse(body.begin(), body.end(), &finder);
  const std::string where =
      finder.position() > 0 ? fmt::format(" at byte {}", finder.position()) : "";
  return InvalidField("body", std::string(status.message()) + where);
}

}  // namespace

BodyKind BodyKindOf(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && kSpace.find(type.back()) != kSpace.npos) type.remove_suffix(1);
  if (type.empty() || EqualsIgnoreCase(type, "application/json")) return BodyKind::kJson;
  if (type.size() > 5 && EqualsIgnoreCase(type.substr(type.size() - 5), "+json"))
    return BodyKind::kJson;
  if (EqualsIgnoreCase(type, "application/x-www-form-urlencoded")) return BodyKind::kForm;
  if (EqualsIgnoreCase(type, "text/plain")) return BodyKind::kText;
  return BodyKind::kUnsupported;
}

absl::Status CheckBody(BodyKind kind, std::string_view body) {
  const size_t begin = body.find_first_not_of(kSpace);
  if (begin == body.npos) return absl::OkStatus();
  switch (kind) {
    case BodyKind::kJson:
      return CheckJson(body);
    case BodyKind::kForm:
      if (!http::ParseQuery(body, std::numeric_limits<size_t>::max())) {
        return InvalidField("body", "not a form of UTF-8 text");
      }
      return absl::OkStatus();
    default:
      if (!simdjson::validate_utf8(body.data(), body.size()) || body.find('\0') != body.npos) {
        return InvalidField("body", "not valid UTF-8 text");
      }
      return absl::OkStatus();
  }
}

}  // namespace penstock::interfaces
