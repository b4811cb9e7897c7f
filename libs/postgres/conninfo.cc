#include "libs/postgres/conninfo.h"

#include <libpq-fe.h>

#include <memory>

#include "absl/strings/str_split.h"

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

std::vector<Conninfo> OneForEachHost(const Conninfo& conninfo) {
  auto hosts = conninfo.find("host");
  if (hosts == conninfo.end() || conninfo.contains("hostaddr")) return {conninfo};
  auto ports = conninfo.find("port");
  std::vector<std::string> host_list = absl::StrSplit(hosts->second, ',');
  std::vector<std::string> port_list = absl::StrSplit(ports == conninfo.end() ? "" : ports->second, ',');
  // Lists that do not match are libpq's to complain about.
  if (port_list.size() != 1 && port_list.size() != host_list.size()) return {conninfo};
  std::vector<Conninfo> each;
  for (size_t i = 0; i < host_list.size(); ++i) {
    Conninfo& one = each.emplace_back(conninfo);
    one["host"] = host_list[i];
    if (ports != conninfo.end()) one["port"] = port_list.size() == 1 ? port_list[0] : port_list[i];
  }
  return each;
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
