#include "services/connector/openapi/payload.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace penstock::connector::openapi {
namespace {

using Json = nlohmann::json;

struct Group {
  const char* name;
  ParameterPlace place;
};
constexpr std::array<Group, 3> kGroups = {Group{"path", ParameterPlace::kPath},
                                          Group{"query", ParameterPlace::kQuery},
                                          Group{"header", ParameterPlace::kHeader}};

bool IsGrouped(const Json& payload) {
  for (const auto& [name, unused] : payload.items()) {
    const bool is_group = name == "body" || std::any_of(kGroups.begin(), kGroups.end(),
                                                        [&, &n = name](const Group& group) {
                                                          return n == group.name;
                                                        });
    if (!is_group) return false;
  }
  return !payload.empty();
}

bool EqualsIgnoringCase(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

const Parameter* FindIn(const Operation& operation, ParameterPlace place, const std::string& name) {
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.place != place) continue;
    if (parameter.name == name ||
        (place == ParameterPlace::kHeader && EqualsIgnoringCase(parameter.name, name))) {
      return &parameter;
    }
  }
  return nullptr;
}

void TakeGroup(const Operation& operation, const Group& group, const Json& members,
               Payload& payload, std::vector<FieldViolation>& wrong) {
  const std::string field = std::string("payload.") + group.name;
  if (!members.is_object()) {
    wrong.push_back({field, "must be an object"});
    return;
  }
  for (auto member = members.begin(); member != members.end(); ++member) {
    const Parameter* parameter = FindIn(operation, group.place, member.key());
    if (parameter == nullptr) {
      wrong.push_back({field + "." + member.key(), "the operation has no such parameter"});
    } else {
      payload.arguments.push_back({parameter, &*member, field + "." + member.key()});
    }
  }
}

void TakeGroups(const Operation& operation, const Json& members, Payload& payload,
                std::vector<FieldViolation>& wrong) {
  for (const Group& group : kGroups) {
    const auto found = members.find(group.name);
    if (found != members.end()) TakeGroup(operation, group, *found, payload, wrong);
  }
  payload.body_field = "payload.body";
  if (const auto body = members.find("body"); body != members.end()) payload.body = *body;
}

void TakeFlat(const Operation& operation, const Json& members, Payload& payload,
              std::vector<FieldViolation>& wrong) {
  Json rest = Json::object();
  for (auto member = members.begin(); member != members.end(); ++member) {
    const std::string field = "payload." + member.key();
    int found = 0;
    for (const Group& group : kGroups) {
      const Parameter* parameter = FindIn(operation, group.place, member.key());
      if (parameter == nullptr) continue;
      if (++found == 1) payload.arguments.push_back({parameter, &*member, field});
    }
    if (found > 1) {
      wrong.push_back(
          {field, "several parameters have this name: group them as path, query, header"});
    } else if (found == 0 && operation.body) {
      rest[member.key()] = *member;
    } else if (found == 0) {
      wrong.push_back({field, "the operation has no such parameter, and no body"});
    }
  }
  if (!rest.empty() || (operation.body && operation.body->is_required)) payload.body = rest;
}

void CheckComplete(const Operation& operation, const Payload& payload, bool grouped,
                   std::vector<FieldViolation>& wrong) {
  for (const Parameter& parameter : operation.parameters) {
    const bool given = std::any_of(payload.arguments.begin(), payload.arguments.end(),
                                   [&](const Argument& a) { return a.parameter == &parameter; });
    if (given || !parameter.is_required) continue;
    std::string field = "payload.";
    for (const Group& group : kGroups) {
      if (grouped && group.place == parameter.place) field += std::string(group.name) + ".";
    }
    wrong.push_back({field + parameter.name, "is required"});
  }
  if (payload.body && !operation.body) {
    wrong.push_back({payload.body_field, "the operation takes no body"});
  } else if (!payload.body && operation.body && operation.body->is_required) {
    wrong.push_back({payload.body_field, "is required"});
  }
}

}  // namespace

Payload TakeApart(const Operation& operation, const Json& members,
                  std::vector<FieldViolation>& wrong) {
  Payload payload;
  static const Json nothing = Json::object();
  const Json& given = members.is_null() ? nothing : members;
  if (!given.is_object()) {
    wrong.push_back({"payload", "must be an object"});
    return payload;
  }
  const bool grouped = IsGrouped(given);
  if (grouped) {
    TakeGroups(operation, given, payload, wrong);
  } else {
    TakeFlat(operation, given, payload, wrong);
  }
  CheckComplete(operation, payload, grouped, wrong);
  return payload;
}

}  // namespace penstock::connector::openapi
