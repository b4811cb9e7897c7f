#include "services/connector/providers/check_predicate.h"

#include "libs/json/path.h"

namespace penstock::connector {

void CheckAnswerPath(const std::string& path, const std::string& field, Problems& problems) {
  if (path.size() > 200 || !json::ParsePath(path)) {
    AddProblem(problems, field, "must be a place in JSON such as data.0.id");
  }
}

void CheckPredicate(const v1::Provider::Predicate& predicate, const std::string& field,
                    Problems& problems) {
  CheckAnswerPath(predicate.path(), field + ".path", problems);
  if (!predicate.has_equals()) AddProblem(problems, field + ".equals", "must say what is there");
}

}  // namespace penstock::connector
