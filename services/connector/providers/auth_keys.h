// What the config of each auth strategy may have, as far as a row of the catalogue says it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/struct.pb.h"

namespace penstock::connector {

struct AuthKey {
  std::string_view name;
  google::protobuf::Value::KindCase kind = google::protobuf::Value::kStringValue;
  std::vector<std::string_view> words = {};  // all that a string may be; any when empty
  bool is_required = false;
};

struct AuthType {
  std::string_view name;
  std::vector<AuthKey> keys;
  bool is_open = false;  // may have more, which the strategy itself checks
};

// None when there is no such auth strategy.
const AuthType* FindAuthType(std::string_view name);
std::string AuthTypeNames();

// "a text", "a number", ...
std::string NameOfKind(google::protobuf::Value::KindCase kind);

}  // namespace penstock::connector
