// Method and path to handler. Routes are few and fixed at start, so they are looked through in
// order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/http/responder.h"
#include "libs/http/server.h"

namespace penstock::http {

class Router {
 public:
  // `pattern` is a path whose segments are literal or "{name}", which stands for one segment that
  // is not empty. The handler finds what stood there in Request::path_parameters.
  void Add(Method method, std::string_view pattern, Handler handler);

  // Calls the handler, or answers: 404 for an unknown path, 405 with Allow for a method the path
  // does not have, OPTIONS with Allow. HEAD goes to GET's handler; the server leaves the body out.
  void Route(const Request& request, Responder responder) const;

 private:
  struct Path {
    std::vector<std::string> segments;  // "{}" = a placeholder
    std::vector<std::pair<Method, Handler>> methods;

    const Handler* Find(Method method) const;
    std::string Allow() const;
  };
  std::vector<Path> paths_;
};

}  // namespace penstock::http
