// Bytes to a request's head, by Boost.Beast's strict grammar and a few rules of ours where the
// standard leaves a choice that has been used to smuggle requests. Internal to the server.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "boost/beast/http/basic_parser.hpp"
#include "libs/http/message.h"

namespace penstock::http {

// Why a request does not reach the handler.
struct Refusal {
  int status;
  std::string_view code;
  std::string_view detail;
};

struct RequestHead {
  Method method = Method::kOther;
  std::string_view target;
  std::string_view path;
  std::string_view query;
  std::vector<Header> headers;
  std::string_view request_id;  // empty when the sender sent none or an odd one
  uint64_t content_length = 0;
  bool chunked = false;
  bool http10 = false;
  bool keep_alive = true;
  bool expects_continue = false;

  // The bytes have moved.
  void Rebase(const char* old_base, const char* new_base);
};

class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(size_t max_headers);

  // Takes a head whole, the empty line included. Lower-cases header names in place. What head()
  // says views `data`.
  std::optional<Refusal> ParseHead(char* data, size_t size);
  RequestHead& head() { return head_; }

  enum class Chunks { kNeedMore, kDone, kMalformed, kTooLarge };
  // Takes bytes of a chunked body, adds what they carry to `body` and says how many it used.
  Chunks ParseChunks(const char* data, size_t size, size_t max_body, std::string& body,
                     size_t& used);

  // Ready for the next request; keeps memory.
  static void Reuse(std::optional<RequestParser>& parser, size_t max_headers);

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, string_view method, string_view target,
                       int version, error_code&) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field name, string_view text, string_view value,
                     error_code&) override;
  void on_header_impl(error_code&) override { in_trailer_ = true; }
  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}
  size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(uint64_t, string_view, error_code&) override {}
  size_t on_chunk_body_impl(uint64_t, string_view body, error_code&) override;
  void on_finish_impl(error_code&) override {}

  std::optional<Refusal> CheckHead();
  bool SplitTarget();

  RequestHead head_;
  const size_t max_headers_;
  std::string_view bytes_;  // of the head, while it is parsed
  int version_ = 11;
  int host_headers_ = 0;
  bool in_trailer_ = false;
  std::optional<Refusal> refusal_;
  std::string* body_ = nullptr;
};

}  // namespace penstock::http
