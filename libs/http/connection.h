// One connection: reads a request, has it handled, writes the answer, and so on. Internal to the
// server.
//
//            bytes             head whole        body whole           answer              written
//   kHead ----------> kHead ------------> kBody ------------> kHandling ------> kWriting -------->
//   kHead (keep-alive)
//     |                 |                   |                                      | or | idle too
//     long   | refused, too slow | refused, too slow                    | too slow      kLingering
//     --> kClosed v                 v                   v                                      v
//   kClosed           kWriting            kWriting                              kClosed
//
// While a request is handled one read is kept under way, to notice a sender that goes; what it
// brings waits its turn. kLingering: the answer is the last, we have shut our side down and discard
// what still comes, so that the sender gets to read the answer instead of a reset.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "boost/asio/ip/tcp.hpp"
#include "libs/http/receive_buffer.h"
#include "libs/http/request_parser.h"
#include "libs/http/responder.h"
#include "libs/http/worker.h"

namespace penstock::http {

class Connection final : public ResponseSink, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Worker> worker, boost::asio::ip::tcp::socket socket);

  // Everything but Answer is called on the worker's thread only.
  void Start();
  void Answer(Response response) override;
  void OnTimeout();
  void CloseIfIdle();
  void Close();

  SteadyTime deadline() const { return deadline_; }
  size_t index() const { return index_; }
  void set_index(size_t index) { index_ = index; }

  // The worker's list of answered connections.
  void HoldUntilTaken(std::shared_ptr<Connection> self) { self_ = std::move(self); }
  Connection* next_answered() const { return next_answered_; }
  void set_next_answered(Connection* next) { next_answered_ = next; }
  void TakeAnswer();
  void DropAnswer() { self_.reset(); }

 private:
  enum class Phase : uint8_t { kHead, kBody, kHandling, kWriting, kLingering, kClosed };

  // Goes on until bytes are missing, an answer is owed, or the end.
  void Advance();
  // One step; false = wait.
  bool ReadHead();
  bool ReadBody();
  bool ReadChunks();
  bool Dispatch(std::string_view body);
  bool WaitForAnswer();
  bool StartWriting();
  bool KeepWriting();
  bool Finish();

  bool Refuse(const Refusal& refusal);
  bool IsIdle() const { return phase_ == Phase::kHead && buffer_.size() == 0; }
  void SendContinue();
  void StartReading();
  void OnRead(const boost::system::error_code& error, size_t bytes);
  void SetDeadline(absl::Duration from_now);

  const std::shared_ptr<Worker> worker_;
  boost::asio::ip::tcp::socket socket_;
  size_t index_ = 0;
  SteadyTime deadline_ = SteadyTime::max();

  Phase phase_ = Phase::kHead;
  bool reading_ = false;          // a read into buffer_.room() is under way
  bool advancing_ = false;        // Advance is on the stack
  bool sender_finished_ = false;  // its side is shut down
  bool request_started_ = false;  // the first byte has come
  bool counted_ = false;          // among the requests in flight
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool http10_ = false;

  ReceiveBuffer buffer_;
  size_t scanned_ = 0;       // of buffer_, for the end of the head
  size_t request_size_ = 0;  // bytes of buffer_ that the current request takes
  std::optional<RequestParser> parser_;
  std::string chunked_body_;
  Request request_;
  std::string request_id_;

  bool answered_ = false;
  Response answer_;
  std::string out_;     // head, and a small body
  size_t written_ = 0;  // of out_ and a large body
  bool body_apart_ = false;
  std::shared_ptr<Connection> self_;
  Connection* next_answered_ = nullptr;
};

}  // namespace penstock::http
