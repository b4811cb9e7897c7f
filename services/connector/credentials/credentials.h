// Opened credentials: what a strategy needs to authenticate one request. Lives for that request.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"
#include "libs/status/details.h"

namespace penstock::connector {

class Credentials {
 public:
  Credentials() = default;
  explicit Credentials(std::map<std::string, crypto::Secret, std::less<>> values)
      : values_(std::move(values)) {}

  // Null when there is none of this field ("api_key", "password", "access_token").
  const crypto::Secret* Find(std::string_view field) const {
    const auto it = values_.find(field);
    return it == values_.end() ? nullptr : &it->second;
  }

  // FAILED_PRECONDITION (reason CREDENTIAL_MISSING, metadata field) when there is none.
  absl::StatusOr<std::string_view> Get(std::string_view field) const {
    if (const crypto::Secret* value = Find(field)) return value->Reveal();
    return WithReason(
        absl::FailedPreconditionError("the connector has no secret \"" + std::string(field) + "\""),
        "CREDENTIAL_MISSING", {{"field", std::string(field)}});
  }

  void Put(std::string field, crypto::Secret value) {
    values_.insert_or_assign(std::move(field), std::move(value));
  }
  const std::map<std::string, crypto::Secret, std::less<>>& values() const { return values_; }

 private:
  std::map<std::string, crypto::Secret, std::less<>> values_;
};

}  // namespace penstock::connector
