// Reads members of a JSON object into typed values, with a problem for each that is of another
// type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/workflow_engine/domain/definition.h"

namespace penstock::workflow_engine {

// A member that is absent or null leaves the value as it is.
class JsonReader {
 public:
  // `field` is the object's own place, for example "nodes[1]". All references outlive the reader.
  JsonReader(const Json& object, std::string node_id, std::string field,
             std::vector<Problem>& problems);

  void Read(std::string_view name, std::string& value);
  void Read(std::string_view name, double& value);
  void Read(std::string_view name, int& value);
  void Read(std::string_view name, std::vector<std::string>& value);
  // A number of seconds.
  void ReadSeconds(std::string_view name, absl::Duration& value);
  // Null when absent or, with a problem, not an object.
  const Json* FindObject(std::string_view name);

  void AddProblem(std::string_view name, std::string description);

 private:
  const Json* Find(std::string_view name) const;

  const Json& object_;
  const std::string node_id_;
  const std::string field_;
  std::vector<Problem>& problems_;
};

}  // namespace penstock::workflow_engine
