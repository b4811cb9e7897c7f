#include "libs/postgres/conninfo.h"

#include <libpq-fe.h>

#include <memory>

namespace penstock::postgres {

absl::StatusOr<Conninfo> ParseConninfo(const std::string& text) {
  // libpq's own message quotes what it can't parse, password and all; so it is not asked for.
  std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(text.c_str(), nullptr), PQconninfoFree);
  if (options == nullptr) {
    return absl::InvalidArgumentError("the connection string is not a valid URL or key/value list");
  }
  Conninfo conninfo;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) conninfo[option->keyword] = option->val;
  }
  return conninfo;
}

std::string ToString(const Conninfo& conninfo) {
  std::string text;
  for (const auto& [keyword, value] : conninfo) {
    if (!text.empty()) text += ' ';
    text += keyword + "='";
    for (char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += '\'';
  }
  return text;
}

}  // namespace penstock::postgres
