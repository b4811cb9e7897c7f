// What a caller may see of a third party's answer, whether it asked by RPC or from a workflow.
#pragma once

#include <map>
#include <string>

#include "libs/egress/http.h"

namespace penstock::connector {

enum class BodyKind { kJson, kText, kBytes };

// One value for each name: several are one list, as RFC 9110 has it. Without cookies, which are
// meant for whoever has the credentials. What is not UTF-8 (Latin-1, say) is replaced.
std::map<std::string, std::string> ShownHeaders(const egress::HttpResponse& response);

// By what the body is, not by what its Content-Type says; an empty one is text.
BodyKind BodyKindOf(const std::string& body);

}  // namespace penstock::connector
