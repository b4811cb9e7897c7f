#include "services/workflow_engine/domain/json_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "fmt/format.h"

namespace penstock::workflow_engine {

JsonReader::JsonReader(const Json& object, std::string node_id, std::string field,
                       std::vector<Problem>& problems)
    : object_(object),
      node_id_(std::move(node_id)),
      field_(std::move(field)),
      problems_(problems) {}

const Json* JsonReader::Find(std::string_view name) const {
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(std::string(name));
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void JsonReader::AddProblem(std::string_view name, std::string description) {
  problems_.push_back({node_id_, fmt::format("{}{}{}", field_, field_.empty() ? "" : ".", name),
                       std::move(description)});
}

void JsonReader::Read(std::string_view name, std::string& value) {
  const Json* member = Find(name);
  if (member == nullptr) return;
  if (!member->is_string()) return AddProblem(name, "must be a string");
  value = member->get<std::string>();
}

void JsonReader::Read(std::string_view name, double& value) {
  const Json* member = Find(name);
  if (member == nullptr) return;
  if (!member->is_number()) return AddProblem(name, "must be a number");
  value = member->get<double>();
}

void JsonReader::Read(std::string_view name, int& value) {
  const Json* member = Find(name);
  if (member == nullptr) return;
  // Also from 3.0, which is how some writers spell 3.
  const double number =
      member->is_number() ? member->get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (std::trunc(number) != number || std::abs(number) > std::numeric_limits<int>::max()) {
    return AddProblem(name, "must be a whole number");
  }
  value = static_cast<int>(number);
}

void JsonReader::Read(std::string_view name, std::vector<std::string>& value) {
  const Json* member = Find(name);
  if (member == nullptr) return;
  if (!member->is_array() ||
      !std::ranges::all_of(*member, [](const Json& item) { return item.is_string(); })) {
    return AddProblem(name, "must be an array of strings");
  }
  value = member->get<std::vector<std::string>>();
}

void JsonReader::ReadSeconds(std::string_view name, absl::Duration& value) {
  double seconds = absl::ToDoubleSeconds(value);
  Read(name, seconds);
  value = absl::Seconds(seconds);
}

const Json* JsonReader::FindObject(std::string_view name) {
  const Json* member = Find(name);
  if (member == nullptr || member->is_object()) return member;
  AddProblem(name, "must be an object");
  return nullptr;
}

}  // namespace penstock::workflow_engine
