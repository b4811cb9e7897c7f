#include "services/connector/auth/custom/custom_values.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

std::string_view After(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

absl::Status WrongData(std::string_view name, const char* reason, std::string_view why) {
  return WithReason(
      absl::FailedPreconditionError(fmt::format("config_data's \"{}\" {}", name, why)), reason,
      {{"field", std::string(name)}});
}

absl::StatusOr<std::string> DataValue(std::string_view name, const AuthInputs& inputs,
                                      Alphabet alphabet) {
  const auto found =
      inputs.data.is_object() ? inputs.data.find(std::string(name)) : inputs.data.end();
  if (found == inputs.data.end()) return WrongData(name, "CONFIG_DATA_MISSING", "is not there");
  if (found->is_structured() || found->is_null()) {
    return WrongData(name, "CONFIG_DATA_INVALID", "is no text, number or truth value");
  }
  std::string text = found->is_string() ? found->get<std::string>() : found->dump();
  if (text.empty()) return WrongData(name, "CONFIG_DATA_INVALID", "is empty");
  const std::string_view why = WrongText(text, alphabet);
  if (!why.empty()) return WrongData(name, "CONFIG_DATA_INVALID", why);
  return text;
}

}  // namespace

std::string_view SecretNameOf(std::string_view name) { return After(name, "secret."); }
std::string_view DataNameOf(std::string_view name) { return After(name, "config."); }

bool IsCustomName(std::string_view name) {
  const std::string_view secret = SecretNameOf(name);
  const std::string_view field = secret.empty() ? DataNameOf(name) : secret;
  return !field.empty() && field.size() <= 64 &&
         absl::ascii_islower(static_cast<unsigned char>(field[0])) &&
         std::ranges::all_of(field, [](char c) {
           const unsigned char byte = static_cast<unsigned char>(c);
           return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_';
         });
}

absl::StatusOr<std::string> ValueOf(std::string_view name, const AuthInputs& inputs,
                                    Alphabet alphabet) {
  const std::string_view secret = SecretNameOf(name);
  if (secret.empty()) return DataValue(DataNameOf(name), inputs, alphabet);
  ASSIGN_OR_RETURN(const std::string_view text,
                   TextCredential(inputs.credentials, secret, alphabet));
  return std::string(text);
}

absl::StatusOr<std::string> RenderCustom(const TextTemplate& text, const AuthInputs& inputs,
                                         Alphabet alphabet, Encode encode) {
  return text.Render([&](const std::string& name) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(std::string value, ValueOf(name, inputs, alphabet));
    if (encode == nullptr || inputs.writing == Writing::kShown) return value;
    return encode(value);
  });
}

}  // namespace penstock::connector
