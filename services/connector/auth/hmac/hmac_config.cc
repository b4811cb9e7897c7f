#include "services/connector/auth/hmac/hmac_config.h"

#include <algorithm>
#include <utility>

#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/header_name.h"

namespace penstock::connector {
namespace {

using Wrong = std::vector<FieldViolation>;

constexpr std::pair<std::string_view, crypto::MacDigest> kDigests[] = {
    {"sha256", crypto::MacDigest::kSha256},
    {"sha512", crypto::MacDigest::kSha512},
    {"sha1", crypto::MacDigest::kSha1}};
constexpr std::pair<std::string_view, SignatureEncoding> kEncodings[] = {
    {"hex", SignatureEncoding::kHex}, {"base64", SignatureEncoding::kBase64}};
constexpr std::pair<std::string_view, TimestampFormat> kTimestampFormats[] = {
    {"seconds", TimestampFormat::kSeconds},
    {"milliseconds", TimestampFormat::kMilliseconds},
    {"rfc3339", TimestampFormat::kRfc3339},
    {"http_date", TimestampFormat::kHttpDate}};

constexpr std::string_view kSignedNames[] = {"body",   "body_sha256", "host", "key_id",
                                             "method", "nonce",       "path", "query",
                                             "target", "timestamp"};
constexpr std::string_view kPrefixNames[] = {"key_id", "nonce", "timestamp"};

TextTemplate ReadTemplate(const ConfigReader& config, std::string_view name) {
  absl::StatusOr<TextTemplate> parsed = TextTemplate::Parse(config.Text(name));
  if (parsed.ok()) return *std::move(parsed);
  config.Refuse(name, std::string(parsed.status().message()));
  return *TextTemplate::Parse("");
}

bool Uses(const TextTemplate& text, std::string_view name) {
  return std::ranges::find(text.names(), name) != text.names().end();
}

void CheckNames(const TextTemplate& text, const char* field, const auto& known, Wrong& wrong) {
  for (const std::string& name : text.names()) {
    if (std::ranges::find(known, name) != std::end(known)) continue;
    wrong.push_back({field, "has {{" + name + "}}, which is not known here"});
  }
}

void CheckHeader(const std::string& name, const char* field, Wrong& wrong) {
  if (const std::string_view why = WrongHeaderName(name); !why.empty()) {
    wrong.push_back({field, std::string(why)});
  }
}

}  // namespace

HmacConfig HmacConfig::Read(const nlohmann::json& json, Wrong& wrong) {
  const ConfigReader config(json, wrong);
  return {.digest = config.Choice("algorithm", kDigests, crypto::MacDigest::kSha256),
          .algorithm = config.Text("algorithm"),
          .header = config.Text("header"),
          .signed_text = ReadTemplate(config, "template"),
          .prefix = ReadTemplate(config, "prefix"),
          .encoding = config.Choice("encoding", kEncodings, SignatureEncoding::kHex),
          .timestamp_format =
              config.Choice("timestamp_format", kTimestampFormats, TimestampFormat::kSeconds),
          .timestamp_header = config.Text("timestamp_header"),
          .nonce_header = config.Text("nonce_header"),
          .key_id = config.Text("key_id"),
          .key_id_header = config.Text("key_id_header"),
          .key_encoding = ReadKeyEncoding(config)};
}

void CheckHmacConfig(const HmacConfig& config, Wrong& wrong) {
  CheckNames(config.signed_text, "template", kSignedNames, wrong);
  CheckNames(config.prefix, "prefix", kPrefixNames, wrong);
  const auto literal =
      config.prefix.Render([](const std::string&) -> absl::StatusOr<std::string> { return ""; });
  if (const auto why = WrongText(*literal, Alphabet::kAscii); !why.empty()) {
    wrong.push_back({"prefix", std::string(why)});
  }
  CheckHeader(config.header, "header", wrong);
  if (!config.timestamp_header.empty()) {
    CheckHeader(config.timestamp_header, "timestamp_header", wrong);
  }
  if (!config.nonce_header.empty()) CheckHeader(config.nonce_header, "nonce_header", wrong);
  if (!config.key_id_header.empty()) CheckHeader(config.key_id_header, "key_id_header", wrong);
  if (const auto why = WrongText(config.key_id, Alphabet::kAscii); !why.empty()) {
    wrong.push_back({"key_id", std::string(why)});
  }
  const bool wants_key_id = !config.key_id_header.empty() || Uses(config.signed_text, "key_id") ||
                            Uses(config.prefix, "key_id");
  if (wants_key_id && config.key_id.empty()) wrong.push_back({"key_id", "is needed"});
  // The receiver can't verify over what it does not see.
  const bool shown_nonce = !config.nonce_header.empty() || Uses(config.prefix, "nonce");
  if (Uses(config.signed_text, "nonce") && !shown_nonce) {
    wrong.push_back({"nonce_header", "is needed: what is signed has the nonce"});
  }
  const bool shown_time = !config.timestamp_header.empty() || Uses(config.prefix, "timestamp");
  if (Uses(config.signed_text, "timestamp") && !shown_time) {
    wrong.push_back({"timestamp_header", "is needed: what is signed has the timestamp"});
  }
}

}  // namespace penstock::connector
