#include "services/connector/openapi/server_url.h"

#include <algorithm>

namespace penstock::connector::openapi {
namespace {

constexpr size_t kMaxUrl = 2000;

// Defaults are not looked through for variables again.
std::string WithDefaults(const Place& server, std::string_view rest, Findings& findings) {
  std::string url;
  while (!rest.empty()) {
    const size_t open = std::min(rest.find('{'), rest.size());
    url += rest.substr(0, open);
    rest.remove_prefix(open);
    const size_t close = rest.find('}');
    if (rest.empty() || close == rest.npos) break;
    const std::optional<Place> variables = server.Member("variables");
    const std::optional<Place> variable =
        variables ? variables->Member(std::string(rest.substr(1, close - 1))) : std::nullopt;
    const std::string value = variable ? variable->Text("default") : "";
    if (value.empty()) findings.Problem(server.pointer + "/url", "has a variable without default");
    url += value;
    rest.remove_prefix(close + 1);
  }
  return url + std::string(rest);
}

}  // namespace

std::string ReadServerUrl(const Json& spec, Findings& findings) {
  const std::optional<Place> servers = Place{&spec, ""}.Member("servers");
  if (!servers) return "";
  if (!servers->value->is_array()) {
    findings.Problem("/servers", "must be an array");
    return "";
  }
  if (servers->value->empty()) return "";
  const Place server = servers->Item(0);
  const std::string written = server.Text("url");
  const std::string url = WithDefaults(server, written, findings);
  if (written.empty() || url.size() > kMaxUrl) {
    findings.Problem(server.pointer + "/url", "must be a URL of at most 2000 bytes");
    return "";
  }
  return url;
}

}  // namespace penstock::connector::openapi
