// The last error of a connector as its row keeps it.
#pragma once

#include <optional>
#include <string>

#include "services/connector/domain/connector.h"

namespace penstock::connector::storage {

std::string ToJson(const CallError& error);
// Of what ToJson wrote; none for NULL.
std::optional<CallError> CallErrorFrom(const std::optional<std::string>& json);

}  // namespace penstock::connector::storage
