// Chains of hashes that make a record's rows depend on all before them, computed apart from the
// database that wrote them (tenancy.audit_log in migration 0004, connector.credential_audit in
// 0007): a row that was changed, taken out, put in or moved shows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace penstock::audit_chain {

// SHA-256 over the hash before and every field with its length in front.
class RowHash {
 public:
  explicit RowHash(std::string_view previous_hash) : text_(previous_hash) {}
  RowHash& Add(std::string_view field);
  std::string Finish() const;  // 32 bytes

 private:
  std::string text_;
};

// What a chain sees of a row.
struct Link {
  int64_t sequence = 0;
  std::string previous_hash = {}, hash = {};  // as stored
  std::string computed = {};                  // of what is stored beside them
};

// The end of a chain, kept apart from its rows.
struct Head {
  int64_t sequence = 0;
  std::string hash = std::string(32, '\0');
};

struct Verdict {
  int64_t checked = 0;
  int64_t broken_sequence = 0;  // 0 = intact
  std::string problem = {};
  Head end = {};
};

struct Source {
  std::function<absl::StatusOr<Head>()> load_head;
  // Oldest first, from behind `after` on; none at the end.
  std::function<absl::StatusOr<std::vector<Link>>(int64_t after)> read;
  std::function<bool()> is_too_late;  // asked before each read
};

// Follows a record from its first row to its end. DEADLINE_EXCEEDED when that takes too long.
absl::StatusOr<Verdict> Verify(const Source& source);

}  // namespace penstock::audit_chain
