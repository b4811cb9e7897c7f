#include "libs/http/worker.h"

#include <pthread.h>

#include <algorithm>
#include <ctime>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "boost/asio/post.hpp"
#include "libs/http/connection.h"

namespace penstock::http {
namespace {

// Timeouts are checked this often, so they are late by at most this.
std::chrono::nanoseconds TickOf(const Limits& limits) {
  const absl::Duration shortest = std::min(
      {limits.idle_timeout, limits.header_timeout, limits.body_timeout, limits.write_timeout});
  return absl::ToChronoNanoseconds(
      std::clamp(shortest / 4, absl::Milliseconds(5), absl::Milliseconds(250)));
}

}  // namespace

thread_local const Worker* Worker::current_ = nullptr;

Worker::Worker(std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)),
      work_(boost::asio::make_work_guard(io_)),
      ticker_(io_),
      tick_(TickOf(shared_->limits)) {}

void Worker::Start(const std::string& thread_name) {
  thread_ = std::thread([this, thread_name] {
    pthread_setname_np(pthread_self(), thread_name.substr(0, 15).c_str());
    current_ = this;
    io_.run();
    current_ = nullptr;
  });
}

void Worker::Stop() {
  if (!thread_.joinable()) return;
  boost::asio::post(io_, [this] {
    for (Connection* connection : std::vector<Connection*>(connections_)) connection->Close();
    ticker_.cancel();
    work_.reset();
  });
  thread_.join();
  stopped_.store(true);
  DropAnswers();
}

void Worker::Adopt(boost::asio::ip::tcp::socket socket) {
  auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket));
  connection->set_index(connections_.size());
  connections_.push_back(connection.get());
  stats_.connections.Add();
  StartTicking();
  connection->Start();
}

void Worker::Remove(Connection& connection) {
  const size_t index = connection.index();
  connections_[index] = connections_.back();
  connections_[index]->set_index(index);
  connections_.pop_back();
  stats_.connections.Add(-1);
  shared_->connection_closed();
}

void Worker::CloseIdle() {
  for (Connection* connection : std::vector<Connection*>(connections_)) connection->CloseIfIdle();
}

void Worker::Wake(std::shared_ptr<Connection> connection) {
  Connection* const raw = connection.get();
  raw->HoldUntilTaken(std::move(connection));
  Connection* head = answered_.load(std::memory_order_relaxed);
  do {
    raw->set_next_answered(head);
  } while (!answered_.compare_exchange_weak(head, raw));
  // Only the first of a burst pays for waking the loop.
  if (head == nullptr) {
    boost::asio::post(io_, [this] { TakeAnswers(); });
  }
  if (stopped_.load()) DropAnswers();
}

void Worker::TakeAnswers() {
  Connection* newest = answered_.exchange(nullptr);
  Connection* oldest = nullptr;
  while (newest != nullptr) {
    Connection* next = newest->next_answered();
    newest->set_next_answered(oldest);
    oldest = newest;
    newest = next;
  }
  while (oldest != nullptr) {
    Connection* next = oldest->next_answered();
    oldest->TakeAnswer();
    oldest = next;
  }
}

void Worker::DropAnswers() {
  Connection* connection = answered_.exchange(nullptr);
  while (connection != nullptr) {
    Connection* next = connection->next_answered();
    connection->DropAnswer();
    connection = next;
  }
}

void Worker::StartTicking() {
  if (ticking_) return;
  ticking_ = true;
  ticker_.expires_after(tick_);
  ticker_.async_wait([this](const boost::system::error_code& error) {
    ticking_ = false;
    if (!error) Tick();
  });
}

void Worker::Tick() {
  const SteadyTime now = std::chrono::steady_clock::now();
  // From the back: a connection that closes is replaced by the last one, which has been looked at.
  for (size_t i = connections_.size(); i-- > 0;) {
    if (connections_[i]->deadline() <= now) connections_[i]->OnTimeout();
  }
  // Without connections the thread sleeps until one comes.
  if (!connections_.empty()) StartTicking();
}

std::string_view Worker::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    char text[40];
    std::tm parts;
    gmtime_r(&now, &parts);
    date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
    date_second_ = now;
  }
  return date_;
}

}  // namespace penstock::http
