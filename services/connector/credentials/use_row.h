// One row of the record of uses, as it is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/connector/credentials/use.h"

namespace penstock::connector {

struct UseRow {
  std::string_view event;  // "opened", "refused", "outcome"
  Uuid use_id = {};
  CredentialOwner owner = {};
  std::vector<std::string> fields = {};
  std::vector<int64_t> value_versions = {};  // in the order of the fields; empty when not known
  std::string_view purpose = {};
  std::string target_host = {}, execution_id = {};
  UserId user = {};
  ApiKeyId api_key = {};
  std::string service = {}, request_id = {};
  std::string result = {};  // why it was refused, or the outcome
  int32_t http_status = 0;
};

}  // namespace penstock::connector
