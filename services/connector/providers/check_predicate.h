// Places in JSON answers.
#pragma once

#include <string>

#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

// "data.0.id": keys and indexes with dots between.
void CheckAnswerPath(const std::string& path, const std::string& field, Problems& problems);
void CheckPredicate(const connector::v1::Provider::Predicate& predicate, const std::string& field,
                    Problems& problems);

}  // namespace penstock::connector
