// What operations are called by: their operationId, or a name made of method and path, which stays
// the same as long as those do.
#pragma once

#include <set>
#include <string>

#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

class OperationIds {
 public:
  // Takes note of an operation's own id, if it has one. False when it is unusable or taken.
  bool Add(const Operation& operation);

  // Once all are added: gives an operation without id "get_repos_owner_repo", with a number when
  // that is taken.
  void Name(Operation& operation);

 private:
  std::set<std::string> taken_;
};

}  // namespace penstock::connector::openapi
