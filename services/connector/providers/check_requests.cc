#include "services/connector/providers/check_requests.h"

#include <string>

#include "libs/egress/url.h"
#include "re2/re2.h"
#include "services/connector/providers/check_predicate.h"

namespace penstock::connector {
namespace {

using v1::Provider;

// The host of a base URL has no say in what a path can do to it.
constexpr char kAnyBase[] = "https://host.example/base";

// Whether base + path is a URL below base, in the eyes of the parser that makes connections.
bool StaysBelowBase(const std::string& path) {
  static const RE2& form = *new RE2(R"(/([A-Za-z0-9._~@:,=+-]+/?)*(\?[A-Za-z0-9._~@:,=+&%*-]*)?)");
  if (!RE2::FullMatch(path, form) || path.find("/..") != std::string::npos ||
      path.find("/./") != std::string::npos) {
    return false;
  }
  const absl::StatusOr<egress::Url> url = egress::Url::Parse(kAnyBase + path);
  return url.ok() && url->host() == "host.example" && url->port() == 443;
}

bool IsReserved(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  for (const char* reserved :
       {"authorization", "proxy-authorization", "cookie", "host", "content-length",
        "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"}) {
    if (name == reserved) return true;
  }
  return false;
}

}  // namespace

void CheckTestRequest(const Provider& provider, Problems& problems) {
  const Provider::TestRequest& test = provider.test_request();
  if (test.method() != "GET" && test.method() != "HEAD" && test.method() != "POST") {
    AddProblem(problems, "test_request.method", "must be GET, HEAD or POST");
  }
  if (test.path().size() > 500 || !StaysBelowBase(test.path())) {
    AddProblem(problems, "test_request.path",
               "must begin with a slash and stay below the base URL: no dot segments, escapes, "
               "variables or fragment");
  }
  for (int i = 0; i < test.ok_statuses_size(); ++i) {
    if (test.ok_statuses(i) < 200 || test.ok_statuses(i) > 499) {
      AddProblem(problems, Element("test_request.ok_statuses", i), "must be 200 to 499");
    }
  }
  if (test.has_ok_predicate()) {
    CheckPredicate(test.ok_predicate(), "test_request.ok_predicate", problems);
  }
  if (test.has_body() && test.method() != "POST") {
    AddProblem(problems, "test_request.body", "is for POST only");
  }
}

void CheckHeaders(const Provider& provider, Problems& problems) {
  static const RE2& name = *new RE2("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
  static const RE2& value = *new RE2("[\\x20-\\x7e]{1,500}");
  if (provider.default_headers_size() > 20) {
    AddProblem(problems, "default_headers", "must be at most 20");
  }
  for (const auto& [header, text] : provider.default_headers()) {
    const std::string field = "default_headers." + header;
    if (!RE2::FullMatch(header, name)) AddProblem(problems, field, "is no name of a header");
    if (!RE2::FullMatch(text, value)) AddProblem(problems, field, "must be printable ASCII");
    if (IsReserved(header)) {
      AddProblem(problems, field, "is set by the connector itself, or by its authentication");
    }
  }
}

}  // namespace penstock::connector
