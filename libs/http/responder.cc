#include "libs/http/responder.h"

#include <cstdlib>

#include "libs/http/problem.h"

namespace penstock::http {

Responder::~Responder() {
  if (sink_ != nullptr) {
    Send(ProblemResponse({.status = 500,
                          .code = "INTERNAL",
                          .detail = "The request was dropped without an answer."}));
  }
}

void Responder::Send(Response response) {
  if (sink_ == nullptr) std::abort();
  std::exchange(sink_, nullptr)->Answer(std::move(response));
}

}  // namespace penstock::http
