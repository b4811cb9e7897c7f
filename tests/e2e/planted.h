// Secrets that a test planted, and the search for them in all that anybody is told or keeps.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <type_traits>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "tests/e2e/workbench.h"

namespace penstock::e2e {

class Planted {
 public:
  void Plant(std::string secret) { secrets_.insert(std::move(secret)); }

  // What a caller or an operator was told: an answer, an error, a page of metrics.
  void Note(const std::string& text) { said_ += text + "\n"; }
  template <typename T>
  void Note(const absl::StatusOr<T>& answer) {
    Note(answer.status().ToString());
    if constexpr (std::is_base_of_v<google::protobuf::Message, T>) {
      if (answer.ok()) Note(ToJson(*answer).dump());
    }
  }
  // The error of a call whose answer is the caller's own credential.
  template <typename T>
  void NoteError(const absl::StatusOr<T>& answer) {
    Note(answer.status().ToString());
  }

  bool HasSaid(const std::string& text) const { return said_.find(text) != std::string::npos; }
  // Fails the test for each secret that was said.
  void CheckSaid() const;
  // Fails the test for each secret in a file below `directory` that is not `expected` there. Says
  // in how many files it looked, and whether one holds `witness`, which is no secret: so a secret
  // would have been found as well.
  struct Search {
    int files = 0;
    bool found_witness = false;
  };
  using Expected = std::function<bool(const std::string& file_name, const std::string& secret)>;
  Search CheckFiles(const std::string& directory, const std::string& witness,
                    const Expected& expected) const;

 private:
  std::set<std::string> secrets_;
  std::string said_;
};

}  // namespace penstock::e2e
