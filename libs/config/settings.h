// The settings of one process, parsed and checked all at once before anything starts.
//
//   ASSIGN_OR_RETURN(Settings settings, Settings::Parse(DeclareEngine(), ReadEnvironment()));
//   options.workers = settings.Int("PENSTOCK_GRPC_WORKERS");
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/config/environment.h"
#include "libs/config/setting.h"
#include "libs/config/value.h"
#include "libs/crypto/secret.h"

namespace penstock::config {

// What of `environment` the declarations name, NAME_FILE of secrets included: for a part of a
// program that reads its own settings before all are read together.
Environment Only(const Declarations& declarations, const Environment& environment);

class Settings {
 public:
  // INVALID_ARGUMENT with one field violation for every problem: missing, unparsable or out of
  // bounds, and every PENSTOCK_* name that is not declared (with the nearest declared one). Values
  // of kSecret appear in no message. A name set to the empty text counts as not set. Declaring a
  // name twice is a programmer error and aborts.
  static absl::StatusOr<Settings> Parse(const Declarations& declarations,
                                        const Environment& environment);

  // Asking for a name that was not declared, or by another type, is a programmer error and aborts.
  const std::string& String(std::string_view name) const;     // kString, kPath
  const crypto::Secret& Secret(std::string_view name) const;  // empty where there is none
  int64_t Int(std::string_view name) const;
  double Double(std::string_view name) const;
  bool Bool(std::string_view name) const;
  absl::Duration Duration(std::string_view name) const;
  int64_t Bytes(std::string_view name) const;
  // False when the operator left the default.
  bool IsSet(std::string_view name) const;

  // All settings as "NAME=value" for the log line at start; secrets as "***".
  std::vector<std::pair<std::string, std::string>> Printable() const;

 private:
  struct Value {
    Type type;
    bool is_set = false;
    std::string text;  // of all but kSecret
    ParsedValue parsed;
    crypto::Secret secret;
  };
  const Value& Find(std::string_view name, std::initializer_list<Type> types) const;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace penstock::config
