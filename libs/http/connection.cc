#include "libs/http/connection.h"

#include <sys/socket.h>

#include <array>
#include <limits>

#include "absl/time/clock.h"
#include "boost/asio/buffer.hpp"
#include "boost/asio/error.hpp"
#include "fmt/format.h"
#include "libs/http/problem.h"
#include "libs/http/response_writer.h"
#include "libs/ids/uuid.h"

namespace penstock::http {
namespace {

// Bodies up to this size are copied behind the head, so that an answer is one system call.
constexpr size_t kSmallBody = 16 * 1024;
// How long, and for how many bytes, the end of a sender that was refused is awaited.
constexpr absl::Duration kLinger = absl::Seconds(2);
constexpr size_t kMaxRequestLine = 8 * 1024;

constexpr Refusal kTimedOut{408, "REQUEST_TIMEOUT", "The request did not arrive in time."};
constexpr Refusal kCutOff{400, "MALFORMED_REQUEST", "The request ended before it was whole."};
constexpr Refusal kNotHttp{400, "MALFORMED_REQUEST", "This is not an HTTP request."};
constexpr Refusal kHeadersTooLarge{431, "HEADERS_TOO_LARGE",
                                   "The request's headers are too large."};
constexpr Refusal kTargetTooLong{414, "URI_TOO_LONG", "The request's target is too long."};
constexpr Refusal kBadChunks{400, "MALFORMED_REQUEST", "The chunked body is malformed."};

bool IsWouldBlock(const boost::system::error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

}  // namespace

Connection::Connection(std::shared_ptr<Worker> worker, boost::asio::ip::tcp::socket socket)
    : worker_(std::move(worker)), socket_(std::move(socket)) {}

void Connection::Start() {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  SetDeadline(worker_->shared().limits.idle_timeout);
  Advance();
}

void Connection::SetDeadline(absl::Duration from_now) {
  deadline_ = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(from_now);
}

void Connection::Advance() {
  if (advancing_) return;
  advancing_ = true;
  bool go_on = true;
  while (go_on) {
    switch (phase_) {
      case Phase::kHead:
        go_on = ReadHead();
        break;
      case Phase::kBody:
        go_on = ReadBody();
        break;
      case Phase::kHandling:
        go_on = answered_ ? StartWriting() : WaitForAnswer();
        break;
      case Phase::kWriting:
        go_on = KeepWriting();
        break;
      case Phase::kLingering:
        StartReading();
        go_on = false;
        break;
      case Phase::kClosed:
        go_on = false;
        break;
    }
  }
  advancing_ = false;
}

bool Connection::ReadHead() {
  const Limits& limits = worker_->shared().limits;
  // An empty line before a request is what some senders leave behind a body.
  while (!reading_ && scanned_ == 0 && buffer_.size() >= 2 && buffer_.data()[0] == '\r' &&
         buffer_.data()[1] == '\n') {
    buffer_.Consume(2);
  }
  if (buffer_.size() == 0) {
    if (sender_finished_ || worker_->shared().draining.load(std::memory_order_relaxed)) {
      Close();
      return false;
    }
    if (!reading_) buffer_.Shrink();
    StartReading();
    return false;
  }
  if (!request_started_) {
    request_started_ = true;
    SetDeadline(limits.header_timeout);
  }
  const std::string_view bytes(buffer_.data(), buffer_.size());
  if (bytes[0] != '\r' && (bytes[0] < 'A' || bytes[0] > 'Z')) return Refuse(kNotHttp);
  // The end may lie across what was scanned and what is new.
  const size_t end = bytes.find("\r\n\r\n", scanned_ < 3 ? 0 : scanned_ - 3);
  scanned_ = bytes.size();
  if (end == bytes.npos || end + 4 > limits.max_header_bytes) {
    if (bytes.size() > std::min(kMaxRequestLine, limits.max_header_bytes) &&
        bytes.substr(0, kMaxRequestLine).find('\n') == bytes.npos) {
      return Refuse(kTargetTooLong);
    }
    if (std::min(bytes.size(), end) >= limits.max_header_bytes) return Refuse(kHeadersTooLarge);
    if (end != bytes.npos) return Refuse(kHeadersTooLarge);
    if (sender_finished_) return Refuse(kCutOff);
    StartReading();
    return false;
  }
  RequestParser::Reuse(parser_, limits.max_headers);
  request_size_ = end + 4;
  if (std::optional<Refusal> refusal = parser_->ParseHead(buffer_.data(), request_size_))
    return Refuse(*refusal);
  const RequestHead& head = parser_->head();
  keep_alive_ = head.keep_alive;
  head_only_ = head.method == Method::kHead;
  http10_ = head.http10;
  if (head.content_length > limits.max_body_bytes) {
    return Refuse({413, "BODY_TOO_LARGE", "The request's body is too large."});
  }
  if (head.expects_continue && buffer_.size() == request_size_) SendContinue();
  if (head.chunked || head.content_length > buffer_.size() - request_size_)
    SetDeadline(limits.body_timeout);
  phase_ = Phase::kBody;
  return true;
}

void Connection::SendContinue() {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  boost::system::error_code ignored;
  // The peer waits for it and our side of the socket is empty, so it fits; a sender that is gone
  // shows on the next read.
  socket_.write_some(boost::asio::buffer(kContinue.data(), kContinue.size()), ignored);
}

bool Connection::ReadBody() {
  const RequestHead& head = parser_->head();
  if (head.chunked) return ReadChunks();
  const size_t whole = request_size_ + head.content_length;
  if (buffer_.size() < whole) {
    // Nobody is left to read a refusal of half a body.
    sender_finished_ ? Close() : StartReading();
    return false;
  }
  const size_t head_size = std::exchange(request_size_, whole);
  return Dispatch({buffer_.data() + head_size, head.content_length});
}

bool Connection::ReadChunks() {
  const Limits& limits = worker_->shared().limits;
  size_t used = 0;
  const RequestParser::Chunks state =
      parser_->ParseChunks(buffer_.data() + request_size_, buffer_.size() - request_size_,
                           limits.max_body_bytes, chunked_body_, used);
  // Decoded bytes leave at once, so that the buffer holds the head and one chunk's frame at most.
  // They stay while a read is under way (the one begun behind the request before), because what it
  // fills must not move.
  if (reading_) {
    request_size_ += used;
  } else {
    buffer_.Erase(request_size_, used);
  }
  switch (state) {
    case RequestParser::Chunks::kDone:
      return Dispatch(chunked_body_);
    case RequestParser::Chunks::kTooLarge:
      return Refuse({413, "BODY_TOO_LARGE", "The request's body is too large."});
    case RequestParser::Chunks::kMalformed:
      return Refuse(kBadChunks);
    case RequestParser::Chunks::kNeedMore:
      break;
  }
  if (buffer_.size() - request_size_ > limits.max_header_bytes) return Refuse(kBadChunks);
  sender_finished_ ? Close() : StartReading();
  return false;
}

bool Connection::Dispatch(std::string_view body) {
  Shared& shared = worker_->shared();
  const RequestHead& head = parser_->head();
  if (head.request_id.empty()) {
    request_id_ = Uuid::MakeV7(absl::Now()).ToString();
  } else {
    request_id_.assign(head.request_id);
  }
  request_ = {
      .method = head.method,
      .target = head.target,
      .path = head.path,
      .query = head.query,
      .headers = head.headers,
      .body = body,
      .request_id = request_id_,
      .path_parameters = {},
  };
  phase_ = Phase::kHandling;
  answered_ = false;
  deadline_ = SteadyTime::max();
  if (shared.in_flight.fetch_add(1, std::memory_order_relaxed) >=
      static_cast<int64_t>(shared.limits.max_in_flight)) {
    shared.in_flight.fetch_sub(1, std::memory_order_relaxed);
    worker_->stats().overloaded.Add();
    answer_ = ProblemResponse({.status = 503,
                               .code = "OVERLOADED",
                               .detail = "Too many requests are being handled.",
                               .request_id = request_id_,
                               .retry_after = absl::Seconds(1)});
    answered_ = true;
    return true;
  }
  counted_ = true;
  worker_->stats().requests.Add();
  worker_->stats().in_flight.Add();
  shared.handler(request_, Responder(shared_from_this()));
  return true;
}

void Connection::Answer(Response response) {
  answer_ = std::move(response);
  if (!worker_->is_current_thread()) {
    worker_->Wake(shared_from_this());
    return;
  }
  TakeAnswer();
}

void Connection::TakeAnswer() {
  const std::shared_ptr<Connection> self = self_ != nullptr ? std::move(self_) : shared_from_this();
  answered_ = true;
  if (counted_) {
    counted_ = false;
    worker_->shared().in_flight.fetch_sub(1, std::memory_order_relaxed);
    worker_->stats().in_flight.Add(-1);
  }
  if (phase_ == Phase::kClosed) {
    worker_->stats().abandoned.Add();
    return;
  }
  Advance();
}

bool Connection::WaitForAnswer() {
  StartReading();
  return false;
}

bool Connection::Refuse(const Refusal& refusal) {
  worker_->stats().malformed.Add();
  keep_alive_ = false;
  request_id_ =
      parser_ && phase_ == Phase::kBody ? std::string(parser_->head().request_id) : std::string();
  answer_ = ProblemResponse(
      {.status = refusal.status, .code = refusal.code, .detail = std::string(refusal.detail)});
  return StartWriting();
}

bool Connection::StartWriting() {
  Worker& worker = *worker_;
  if (worker.shared().draining.load(std::memory_order_relaxed)) keep_alive_ = false;
  out_.clear();
  const bool with_body = AppendHead(out_, answer_,
                                    {.keep_alive = keep_alive_,
                                     .says_keep_alive = http10_,
                                     .head_only = head_only_,
                                     .date = worker.date(),
                                     .request_id = request_id_});
  body_apart_ = with_body && answer_.body.size() > kSmallBody;
  if (with_body && !body_apart_) out_.append(answer_.body);
  written_ = 0;
  if (answer_.status >= 100 && answer_.status < 600)
    worker.stats().responses[answer_.status / 100].Add();
  phase_ = Phase::kWriting;
  return true;
}

bool Connection::KeepWriting() {
  const size_t total = out_.size() + (body_apart_ ? answer_.body.size() : 0);
  while (written_ < total) {
    std::array<boost::asio::const_buffer, 2> parts;
    const size_t of_out = std::min(written_, out_.size());
    parts[0] = boost::asio::buffer(out_.data() + of_out, out_.size() - of_out);
    if (body_apart_) {
      const size_t of_body = written_ - of_out;
      parts[1] = boost::asio::buffer(answer_.body.data() + of_body, answer_.body.size() - of_body);
    }
    boost::system::error_code error;
    written_ +=
        body_apart_ ? socket_.write_some(parts, error) : socket_.write_some(parts[0], error);
    if (IsWouldBlock(error)) {
      SetDeadline(worker_->shared().limits.write_timeout);
      socket_.async_wait(boost::asio::ip::tcp::socket::wait_write,
                         [self = shared_from_this()](const boost::system::error_code& waited) {
                           if (self->phase_ == Phase::kClosed) return;
                           waited ? self->Close() : self->Advance();
                         });
      return false;
    }
    if (error) {
      Close();
      return false;
    }
  }
  return Finish();
}

bool Connection::Finish() {
  answered_ = false;
  request_started_ = false;
  if (!keep_alive_) {
    boost::system::error_code ignored;
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    if (sender_finished_) {
      Close();
      return false;
    }
    phase_ = Phase::kLingering;
    SetDeadline(kLinger);
    if (!reading_) buffer_.Consume(buffer_.size());
    return true;
  }
  reading_ ? buffer_.ConsumeInPlace(request_size_) : buffer_.Consume(request_size_);
  request_size_ = 0;
  scanned_ = 0;
  if (chunked_body_.capacity() > kSmallBody) chunked_body_ = std::string();
  chunked_body_.clear();
  if (body_apart_) answer_.body = std::string();
  phase_ = Phase::kHead;
  SetDeadline(worker_->shared().limits.idle_timeout);
  return true;
}

void Connection::StartReading() {
  if (reading_ || sender_finished_) return;
  if (buffer_.room_size() == 0) {
    // What a handler looks at stays where it is: then the next bytes wait in the kernel.
    if (phase_ == Phase::kHandling || phase_ == Phase::kWriting) return;
    const char* const old_base = buffer_.data();
    buffer_.MakeRoom();
    if (phase_ == Phase::kBody) parser_->head().Rebase(old_base, buffer_.data());
  }
  reading_ = true;
  socket_.async_read_some(
      boost::asio::buffer(buffer_.room(), buffer_.room_size()),
      [self = shared_from_this()](const boost::system::error_code& error, size_t bytes) {
        self->OnRead(error, bytes);
      });
}

void Connection::OnRead(const boost::system::error_code& error, size_t bytes) {
  reading_ = false;
  if (phase_ == Phase::kClosed) return;
  if (error && error != boost::asio::error::eof) return Close();
  if (error) sender_finished_ = true;
  switch (phase_) {
    case Phase::kLingering:
      sender_finished_ ? Close() : StartReading();
      return;
    case Phase::kHandling:
    case Phase::kWriting:
      buffer_.Received(bytes);
      StartReading();
      return;
    default:
      buffer_.Received(bytes);
      Advance();
  }
}

void Connection::OnTimeout() {
  const std::shared_ptr<Connection> self = shared_from_this();
  deadline_ = SteadyTime::max();
  if (IsIdle() || (phase_ != Phase::kHead && phase_ != Phase::kBody)) return Close();
  if (Refuse(kTimedOut)) Advance();
}

void Connection::CloseIfIdle() {
  if (IsIdle()) Close();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  deadline_ = SteadyTime::max();
  boost::system::error_code ignored;
  socket_.close(ignored);
  worker_->Remove(*this);
}

}  // namespace penstock::http
