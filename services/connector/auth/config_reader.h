// Reads members of an auth_config that the schema has or has not seen: what has another type than
// asked for is told as a violation and read as if it were not there. Never throws.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/status/details.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {

class ConfigReader {
 public:
  // `at` is where the object is ("inject"), empty for the config itself. Both outlive the reader.
  ConfigReader(const nlohmann::json& object, std::vector<FieldViolation>& wrong,
               std::string at = "");

  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  std::string Text(std::string_view name, std::string_view fallback = "") const;
  int64_t Integer(std::string_view name, int64_t fallback = 0) const;
  bool Flag(std::string_view name, bool fallback) const;
  // An object of texts.
  std::map<std::string, std::string> Texts(std::string_view name) const;
  // An array of texts.
  std::vector<std::string> List(std::string_view name) const;
  // An object, which is empty when there is none.
  ConfigReader Object(std::string_view name) const;
  // The objects of an array.
  std::vector<ConfigReader> Objects(std::string_view name) const;

  // The value that goes by the word that is there.
  template <typename Value, size_t kCount>
  Value Choice(std::string_view name, const std::pair<std::string_view, Value> (&words)[kCount],
               Value fallback) const {
    const nlohmann::json* found = Find(name);
    if (found == nullptr) return fallback;
    std::string known;
    for (const auto& [word, value] : words) {
      if (found->is_string() && found->get_ref<const std::string&>() == word) return value;
      known.append(known.empty() ? "" : ", ").append(word);
    }
    Refuse(name, "must be one of " + known);
    return fallback;
  }

  const nlohmann::json& object() const { return *object_; }
  std::string FieldOf(std::string_view name) const;
  void Refuse(std::string_view name, std::string description) const;

 private:
  const nlohmann::json* Find(std::string_view name) const;

  const nlohmann::json* object_;
  std::vector<FieldViolation>* wrong_;
  std::string at_;
};

}  // namespace penstock::connector
