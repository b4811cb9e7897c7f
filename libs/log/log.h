// Structured log lines: one JSON object per line on stderr, with time, level, service, message, the
// ids of the call being served, and typed fields. The message is a constant, so that lines can be
// grouped; what varies goes into fields.
//
//   log::Warning("connection lost", {{"attempt", attempt}, {"status", status}});
//
// Not a place for secrets: a crypto::Secret does not compile as a field, and fields whose name says
// password, token, secret, authorization, cookie or api key are written as "***".
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::crypto {
class Secret;
}

namespace penstock::log {

enum class Level { kDebug, kInfo, kWarning, kError };

// A string literal. Text made at run time does not compile.
class Message {
 public:
  template <size_t N>
  consteval Message(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT: implicit by design
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// A named value. Views what it is given: fields live for the full expression of the call only.
class Field {
 public:
  using Value = std::variant<std::string_view, int64_t, uint64_t, double, bool, std::string>;

  Field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  Field(std::string_view name, const char* value) : name_(name), value_(std::string_view(value)) {}
  Field(std::string_view name, const std::string& value)
      : name_(name), value_(std::string_view(value)) {}
  Field(std::string_view name, bool value) : name_(name), value_(value) {}
  Field(std::string_view name, std::signed_integral auto value)
      : name_(name), value_(static_cast<int64_t>(value)) {}
  Field(std::string_view name, std::unsigned_integral auto value)
      : name_(name), value_(static_cast<uint64_t>(value)) {}
  Field(std::string_view name, double value) : name_(name), value_(value) {}
  Field(std::string_view name, absl::Duration value);  // in seconds, as a number
  Field(std::string_view name, absl::Time value);      // RFC 3339
  Field(std::string_view name, const Uuid& value);
  template <typename Tag>
  Field(std::string_view name, const TypedId<Tag>& id) : Field(name, id.uuid()) {}
  Field(std::string_view name, const absl::Status& value);  // "CODE: message"; no payloads
  Field(std::string_view name, const crypto::Secret&) = delete;

  std::string_view name() const { return name_; }
  const Value& value() const { return value_; }

 private:
  std::string_view name_;
  Value value_;
};

using Fields = std::initializer_list<Field>;

void Log(Level level, Message message, Fields fields = {});
inline void Debug(Message message, Fields fields = {}) { Log(Level::kDebug, message, fields); }
inline void Info(Message message, Fields fields = {}) { Log(Level::kInfo, message, fields); }
inline void Warning(Message message, Fields fields = {}) { Log(Level::kWarning, message, fields); }
inline void Error(Message message, Fields fields = {}) { Log(Level::kError, message, fields); }

// True when a line of this level would be written; to skip work that only a line needs.
bool IsOn(Level level);

// The ids of what this thread works on, added to every line it logs while the object lives. Objects
// nest; the inner wins.
class ScopedIds {
 public:
  ScopedIds(std::string_view trace_id, TenantId tenant_id, std::string_view request_id = {});
  ~ScopedIds();
  ScopedIds(const ScopedIds&) = delete;
  ScopedIds& operator=(const ScopedIds&) = delete;

  struct Ids {
    std::string trace_id;    // 32 hex digits or empty
    std::string tenant_id;   // or empty
    std::string request_id;  // or empty
  };

 private:
  Ids ids_;
  const Ids* outer_;
};

}  // namespace penstock::log
