// What {{secret.NAME}} and {{config.NAME}} stand for, fit for the place where they are put.
#pragma once

#include <string>
#include <string_view>

#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/strategy.h"
#include "services/connector/auth/text_template.h"

namespace penstock::connector {

// The NAME of "secret.NAME", or empty.
std::string_view SecretNameOf(std::string_view name);
// The NAME of "config.NAME", or empty.
std::string_view DataNameOf(std::string_view name);
// Whether it is one of both, NAME being 1 to 64 lower-case letters, digits and '_' that begin with
// a letter.
bool IsCustomName(std::string_view name);

// Secrets come from the credentials, the others from config_data. What the alphabet has not is
// refused, by the name of what holds it.
absl::StatusOr<std::string> ValueOf(std::string_view name, const AuthInputs& inputs,
                                    Alphabet alphabet);

// A template whose values pass through `encode` on their way to the wire.
using Encode = std::string (*)(std::string_view);
absl::StatusOr<std::string> RenderCustom(const TextTemplate& text, const AuthInputs& inputs,
                                         Alphabet alphabet, Encode encode = nullptr);

}  // namespace penstock::connector
