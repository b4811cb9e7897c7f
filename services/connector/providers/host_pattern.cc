#include "services/connector/providers/host_pattern.h"

#include <algorithm>

namespace penstock::connector {
namespace {

bool IsLabelCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::vector<std::string_view> LabelsOf(std::string_view host) {
  std::vector<std::string_view> labels;
  for (size_t start = 0;;) {
    const size_t dot = host.find('.', start);
    labels.push_back(host.substr(start, dot - start));
    if (dot == std::string_view::npos) return labels;
    start = dot + 1;
  }
}

bool IsAmong(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

bool IsDnsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), IsLabelCharacter);
}

bool IsHostName(std::string_view host) {
  if (host.size() > 253) return false;
  const std::vector<std::string_view> labels = LabelsOf(host);
  if (labels.size() < 2 || !std::all_of(labels.begin(), labels.end(), IsDnsLabel)) return false;
  const char first = labels.back().front();  // "1", "0x7f": the parsers of addresses take both
  return first >= 'a' && first <= 'z';
}

bool IsHostPattern(std::string_view pattern) {
  if (!pattern.starts_with("*.")) return IsHostName(pattern);
  const std::string_view base = pattern.substr(2);
  return IsHostName(base) || (IsDnsLabel(base) && base.front() >= 'a' && base.front() <= 'z');
}

bool HostMatches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return pattern == host;
  const std::string_view dot_base = pattern.substr(1);
  return host.size() > dot_base.size() && host.ends_with(dot_base);
}

bool IsPublicName(std::string_view host) {
  const std::string_view last = LabelsOf(host).back();
  return !IsAmong(last,
                  {"localhost", "local", "internal", "intranet", "private", "corp", "home", "lan",
                   "localdomain", "test", "example", "invalid", "onion", "arpa", "alt", "svc"});
}

bool LooksLikePublicSuffix(std::string_view name) {
  const std::vector<std::string_view> labels = LabelsOf(name);
  if (labels.size() < 2) return true;
  if (labels.size() == 2 && labels[1].size() == 2 &&
      IsAmong(labels[0],
              {"co", "com", "org", "net", "gov", "gob", "edu", "ac", "or", "ne", "go"})) {
    return true;
  }
  return IsAmong(name, {"amazonaws.com",
                        "s3.amazonaws.com",
                        "cloudfront.net",
                        "elasticbeanstalk.com",
                        "herokuapp.com",
                        "herokudns.com",
                        "azurewebsites.net",
                        "cloudapp.net",
                        "azure.com",
                        "windows.net",
                        "appspot.com",
                        "run.app",
                        "web.app",
                        "firebaseapp.com",
                        "googleusercontent.com",
                        "github.io",
                        "githubusercontent.com",
                        "gitlab.io",
                        "vercel.app",
                        "netlify.app",
                        "pages.dev",
                        "workers.dev",
                        "fly.dev",
                        "onrender.com",
                        "ngrok.io",
                        "ngrok.app",
                        "ngrok-free.app",
                        "trycloudflare.com",
                        "nip.io",
                        "sslip.io"});
}

}  // namespace penstock::connector
