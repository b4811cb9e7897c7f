// A URL with variables, such as https://{account}.example.com/v1/{project}. A variable can only be
// a whole DNS label, a whole path segment or the whole host: there is no place where a value could
// add a delimiter that means something.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"

namespace penstock::connector {

class UrlTemplate {
 public:
  struct Piece {
    bool is_variable = false;
    std::string text;  // of a variable, its name
  };

  // INVALID_ARGUMENT, whose message says what to write, for anything but
  // https://host[:443][/path] without query, fragment, user info, escapes or dot segments.
  static absl::StatusOr<UrlTemplate> Parse(std::string_view text);

  // Labels of the host; a variable that is the whole host is its only one.
  const std::vector<Piece>& labels() const { return labels_; }
  const std::vector<Piece>& segments() const { return segments_; }
  bool host_is_variable() const { return labels_.size() == 1; }
  std::set<std::string> VariableNames() const;

  // Puts values in: one for every variable, that is a label, segment or host as its place wants.
  // The outcome is parsed by the parser that makes connections and compared with what was meant;
  // INVALID_ARGUMENT when they differ or `hosts` does not allow the host.
  absl::StatusOr<std::string> Fill(
      const std::map<std::string, std::string>& values,
      const google::protobuf::RepeatedPtrField<std::string>& hosts) const;

 private:
  std::vector<Piece> labels_, segments_;
};

}  // namespace penstock::connector
