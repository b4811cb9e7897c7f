#include "libs/http/server.h"

#include <atomic>
#include <charconv>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/steady_timer.hpp"
#include "fmt/format.h"
#include "libs/http/problem.h"
#include "libs/http/response_writer.h"
#include "libs/http/worker.h"
#include "libs/status/macros.h"

namespace penstock::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

absl::StatusOr<tcp::endpoint> ParseAddress(const std::string& address) {
  const auto bad = [&] {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is not an address of the form 0.0.0.0:8080 or [::]:8080", address));
  };
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return bad();
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  uint16_t port = 0;
  const char* const end = address.data() + address.size();
  const auto [rest, failure] = std::from_chars(address.data() + colon + 1, end, port);
  error_code error;
  const auto ip = boost::asio::ip::make_address(host, error);
  if (failure != std::errc() || rest != end || error) return bad();
  return tcp::endpoint(ip, port);
}

class ServerImpl final : public Server {
 public:
  ServerImpl(const ServerOptions& options, Handler handler)
      : options_(options), shared_(std::make_shared<Shared>()) {
    shared_->limits = options.limits;
    shared_->handler = std::move(handler);
    shared_->connection_closed = [this] {
      absl::MutexLock lock(&mutex_);
      --open_;
    };
    for (int i = 0; i < std::max(1, options.threads); ++i)
      workers_.push_back(std::make_shared<Worker>(shared_));
    acceptor_ = std::make_unique<tcp::acceptor>(workers_[0]->io());
    retry_ = std::make_unique<boost::asio::steady_timer>(workers_[0]->io());
  }

  ~ServerImpl() override { Stop(); }

  absl::Status Listen() {
    ASSIGN_OR_RETURN(const tcp::endpoint endpoint, ParseAddress(options_.address));
    error_code error;
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(boost::asio::socket_base::max_listen_connections, error);
    if (error)
      return absl::UnavailableError(
          fmt::format("can't listen on {}: {}", options_.address, error.message()));
    port_ = acceptor_->local_endpoint(error).port();
    Accept();
    for (size_t i = 0; i < workers_.size(); ++i) {
      workers_[i]->Start(workers_.size() == 1 ? options_.thread_name
                                              : fmt::format("{}-{}", options_.thread_name, i));
    }
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  ServerStats stats() const override {
    ServerStats sum;
    for (const auto& worker : workers_) {
      WorkerStats& stats = worker->stats();
      sum.requests += stats.requests.value();
      sum.malformed += stats.malformed.value();
      sum.overloaded += stats.overloaded.value();
      sum.abandoned += stats.abandoned.value();
      sum.connections += stats.connections.value();
      sum.in_flight += stats.in_flight.value();
      for (int i = 0; i < 6; ++i) sum.responses[i] += stats.responses[i].value();
    }
    return sum;
  }

  bool Drain(absl::Duration at_most) override {
    if (stopped_) return true;
    shared_->draining = true;
    CloseAcceptor();
    for (const auto& worker : workers_) {
      boost::asio::post(worker->io(), [worker = worker.get()] { worker->CloseIdle(); });
    }
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(
                                       +[](int64_t* open) { return *open == 0; }, &open_),
                                   at_most);
  }

  void Stop() override {
    if (std::exchange(stopped_, true)) return;
    shared_->draining = true;
    CloseAcceptor();
    for (const auto& worker : workers_) worker->Stop();
    acceptor_.reset();
    retry_.reset();
  }

 private:
  void CloseAcceptor() {
    boost::asio::post(workers_[0]->io(), [this] {
      error_code ignored;
      acceptor_->close(ignored);
      retry_->cancel();
    });
  }

  void Accept() {
    Worker& worker = *workers_[next_++ % workers_.size()];
    acceptor_->async_accept(
        worker.io(), [this, &worker](const error_code& error, tcp::socket socket) {
          if (shared_->draining || error == boost::asio::error::operation_aborted) return;
          if (error) {
            // Out of file descriptors, most likely: give connections time to end.
            retry_->expires_after(std::chrono::milliseconds(50));
            retry_->async_wait([this](const error_code& cancelled) {
              if (!cancelled) Accept();
            });
            return;
          }
          if (Count()) {
            Give(worker, std::move(socket));
          } else {
            workers_[0]->stats().overloaded.Add();
            TurnAway(socket);
          }
          Accept();
        });
  }

  // A place among max_connections.
  bool Count() {
    absl::MutexLock lock(&mutex_);
    if (open_ >= static_cast<int64_t>(options_.limits.max_connections)) return false;
    ++open_;
    return true;
  }

  void Give(Worker& worker, tcp::socket socket) {
    if (worker.is_current_thread()) return worker.Adopt(std::move(socket));
    boost::asio::post(worker.io(), [&worker, socket = std::move(socket)]() mutable {
      worker.Adopt(std::move(socket));
    });
  }

  void TurnAway(tcp::socket& socket) {
    const Response response = ProblemResponse({.status = 503,
                                               .code = "TOO_MANY_CONNECTIONS",
                                               .detail = "Too many connections are open.",
                                               .retry_after = absl::Seconds(1)});
    std::string bytes;
    AppendHead(bytes, response,
               {.keep_alive = false, .date = workers_[0]->date(), .request_id = {}});
    bytes.append(response.body);
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(boost::asio::buffer(bytes), ignored);
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  const ServerOptions options_;
  const std::shared_ptr<Shared> shared_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::unique_ptr<boost::asio::steady_timer> retry_;  // of accepting
  size_t next_ = 0;
  int port_ = 0;
  bool stopped_ = false;
  absl::Mutex mutex_;
  int64_t open_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Create(const ServerOptions& options,
                                                       Handler handler) {
  auto server = std::make_unique<ServerImpl>(options, std::move(handler));
  RETURN_IF_ERROR(server->Listen());
  return server;
}

}  // namespace penstock::http
