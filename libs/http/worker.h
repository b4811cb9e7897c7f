// One io thread: its event loop, the connections that live on it, and the list by which answers
// from other threads reach them. Internal to the server.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "boost/asio/executor_work_guard.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/steady_timer.hpp"
#include "libs/http/server.h"

namespace penstock::http {

class Connection;

using SteadyTime = std::chrono::steady_clock::time_point;

// Written by one thread, read by any: a load and a store, no locked instruction.
class StatCounter {
 public:
  void Add(int64_t by = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

struct WorkerStats {
  StatCounter requests, malformed, overloaded, abandoned, connections, in_flight;
  StatCounter responses[6];
};

// What all workers of a server share.
struct Shared {
  Limits limits;
  Handler handler;
  std::atomic<int64_t> in_flight{0};
  std::atomic<bool> draining{false};
  std::function<void()> connection_closed;  // tells the server
};

class Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(std::shared_ptr<Shared> shared);

  void Start(const std::string& thread_name);
  // Closes every connection and joins.
  void Stop();

  boost::asio::io_context& io() { return io_; }
  Shared& shared() { return *shared_; }
  WorkerStats& stats() { return stats_; }
  bool is_current_thread() const { return current_ == this; }

  // On this thread.
  void Adopt(boost::asio::ip::tcp::socket socket);
  void Remove(Connection& connection);
  void CloseIdle();
  std::string_view date();

  // From any thread: `connection` has an answer to take.
  void Wake(std::shared_ptr<Connection> connection);

 private:
  void TakeAnswers();
  void DropAnswers();
  void StartTicking();
  void Tick();

  static thread_local const Worker* current_;

  std::shared_ptr<Shared> shared_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer ticker_;
  const std::chrono::nanoseconds tick_;
  bool ticking_ = false;
  std::vector<Connection*> connections_;
  std::atomic<Connection*> answered_{nullptr};  // newest first
  std::atomic<bool> stopped_{false};
  WorkerStats stats_;
  std::string date_;
  int64_t date_second_ = -1;
  std::thread thread_;
};

}  // namespace penstock::http
