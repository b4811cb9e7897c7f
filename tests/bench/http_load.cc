#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <deque>

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::bench {
namespace {

using std::chrono::steady_clock;

constexpr auto kSilence = std::chrono::seconds(60);  // after which the server counts as gone

struct Connection {
  int descriptor = -1;
  std::string received;
  SteadyTime since;
};

// A whole response at the beginning of `received`: its status and size, or nothing yet. Relies on
// Content-Length, which the front door always sends.
struct Response {
  int status;
  size_t size;
};
std::optional<Response> ParseResponse(std::string_view received) {
  size_t head = received.find("\r\n\r\n");
  if (head == std::string_view::npos || head < 12) return std::nullopt;
  Response response{0, head + 4};
  std::from_chars(received.data() + 9, received.data() + 12, response.status);
  for (size_t line = received.find("\r\n"); line < head; line = received.find("\r\n", line + 2)) {
    constexpr std::string_view kName = "content-length:";
    std::string_view rest = received.substr(line + 2, head - line - 2);
    if (rest.size() > kName.size() && strncasecmp(rest.data(), kName.data(), kName.size()) == 0) {
      size_t digits = rest.find_first_not_of(' ', kName.size());
      size_t length = 0;
      std::from_chars(rest.data() + digits, rest.data() + rest.size(), length);
      response.size += length;
      break;
    }
  }
  if (received.size() < response.size) return std::nullopt;
  return response;
}

class Generator {
 public:
  explicit Generator(const HttpLoad& load) : load_(load), connections_(load.connections) {}
  ~Generator() {
    for (Connection& connection : connections_) close(connection.descriptor);
    close(epoll_);
  }

  absl::Status Connect();
  absl::StatusOr<LoadResult> Run();

 private:
  bool MoreToSend(SteadyTime now) const { return sent_ < load_.requests && now < end_; }
  SteadyTime NextDue() const {
    return begin_ + std::chrono::nanoseconds(static_cast<int64_t>(due_ * 1e9 / *load_.per_second));
  }
  absl::Status SendWhatIsDue(SteadyTime now);
  absl::Status Send(Connection& connection, SteadyTime since);
  absl::Status Receive(Connection& connection);
  void Count(Connection& connection, const Response& response);
  absl::StatusOr<int> WaitForAnswers(epoll_event* events, int capacity);

  const HttpLoad& load_;
  std::deque<Connection> connections_;
  std::vector<Connection*> idle_;
  int epoll_ = -1;
  SteadyTime begin_, end_;
  int64_t sent_ = 0;
  int64_t due_ = 0;  // requests whose time has come, with a rate
  LoadResult result_;
};

absl::Status Generator::Connect() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(load_.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (Connection& connection : connections_) {
    connection.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection.descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) !=
        0) {
      return absl::ErrnoToStatus(errno, fmt::format("connect to port {}", load_.port));
    }
    int on = 1;
    setsockopt(connection.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.descriptor, &event);
    idle_.push_back(&connection);
  }
  return absl::OkStatus();
}

absl::StatusOr<LoadResult> Generator::Run() {
  begin_ = steady_clock::now();
  end_ = load_.duration == absl::InfiniteDuration()
             ? SteadyTime::max()
             : begin_ + absl::ToChronoNanoseconds(load_.duration);
  epoll_event events[256];
  while (true) {
    RETURN_IF_ERROR(SendWhatIsDue(steady_clock::now()));
    if (idle_.size() == connections_.size() && !MoreToSend(steady_clock::now())) break;
    ASSIGN_OR_RETURN(int count, WaitForAnswers(events, std::size(events)));
    for (int i = 0; i < count; ++i) {
      RETURN_IF_ERROR(Receive(*static_cast<Connection*>(events[i].data.ptr)));
    }
  }
  result_.seconds = std::chrono::duration<double>(steady_clock::now() - begin_).count();
  return std::move(result_);
}

absl::Status Generator::SendWhatIsDue(SteadyTime now) {
  while (!idle_.empty() && MoreToSend(now)) {
    SteadyTime since = now;
    if (load_.per_second) {
      since = NextDue();
      if (since > now) break;
      ++due_;
    }
    Connection& connection = *idle_.back();
    idle_.pop_back();
    RETURN_IF_ERROR(Send(connection, since));
  }
  return absl::OkStatus();
}

absl::Status Generator::Send(Connection& connection, SteadyTime since) {
  connection.since = load_.per_second ? since : steady_clock::now();
  ++sent_;
  ssize_t size =
      send(connection.descriptor, load_.request.data(), load_.request.size(), MSG_NOSIGNAL);
  if (size == static_cast<ssize_t>(load_.request.size())) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "send");
}

absl::StatusOr<int> Generator::WaitForAnswers(epoll_event* events, int capacity) {
  SteadyTime now = steady_clock::now();
  std::chrono::nanoseconds patience = kSilence;
  bool paced = load_.per_second && !idle_.empty() && MoreToSend(now);
  if (paced) patience = std::max(std::chrono::nanoseconds(0), std::min(NextDue(), end_) - now);
  timespec timeout{patience.count() / 1'000'000'000, patience.count() % 1'000'000'000};
  int count = epoll_pwait2(epoll_, events, capacity, &timeout, nullptr);
  if (count > 0 || (count == 0 && paced) || (count < 0 && errno == EINTR))
    return std::max(count, 0);
  if (count == 0) return absl::DeadlineExceededError("no answer for a minute");
  return absl::ErrnoToStatus(errno, "epoll");
}

absl::Status Generator::Receive(Connection& connection) {
  char buffer[16384];
  ssize_t size = recv(connection.descriptor, buffer, sizeof(buffer), 0);
  if (size <= 0) return absl::UnavailableError("the server closed a connection");
  connection.received.append(buffer, size);
  std::optional<Response> response = ParseResponse(connection.received);
  if (response) Count(connection, *response);
  return absl::OkStatus();
}

void Generator::Count(Connection& connection, const Response& response) {
  SteadyTime now = steady_clock::now();
  if (response.status == 200) {
    ++result_.completed;
    result_.latencies.Add(now - connection.since);
    size_t second = std::chrono::duration_cast<std::chrono::seconds>(now - begin_).count();
    if (result_.completed_in_second.size() <= second)
      result_.completed_in_second.resize(second + 1);
    ++result_.completed_in_second[second];
  } else {
    if (result_.failed++ == 0) result_.first_failure = connection.received.substr(0, response.size);
  }
  connection.received.erase(0, response.size);
  idle_.push_back(&connection);
}

}  // namespace

absl::StatusOr<LoadResult> RunHttpLoad(const HttpLoad& load) {
  Generator generator(load);
  RETURN_IF_ERROR(generator.Connect());
  return generator.Run();
}

std::string PostBytes(const std::string& path, const std::string& json) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      path, json.size(), json);
}

}  // namespace penstock::bench
