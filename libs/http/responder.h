// The right and duty to answer one request.
#pragma once

#include <memory>
#include <utility>

#include "libs/http/message.h"

namespace penstock::http {

// Where answers go: a connection, or a recorder in a test.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  // Called once per request, from any thread.
  virtual void Answer(Response response) = 0;
};

// Answers from any thread, exactly once. One that dies unanswered answers 500, so that no sender
// waits for nothing. Keeps the memory that the Request views.
class Responder {
 public:
  explicit Responder(std::shared_ptr<ResponseSink> sink) : sink_(std::move(sink)) {}
  ~Responder();
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&&) = delete;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  // After this the Request must not be looked at. A second call is a programmer error and aborts.
  void Send(Response response);

 private:
  std::shared_ptr<ResponseSink> sink_;
};

}  // namespace penstock::http
