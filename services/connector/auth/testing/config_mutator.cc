#include "services/connector/auth/testing/config_mutator.h"

#include <iterator>
#include <string>
#include <vector>

namespace penstock::connector {

Json ConfigMutator::Mutate(Json config) {
  for (int changes = 1 + Below(3); changes > 0; --changes) Change(config);
  return config;
}

Json ConfigMutator::Junk() {
  static const std::vector<Json> kJunk = {nullptr,
                                          true,
                                          0,
                                          -1,
                                          1e308,
                                          3.5,
                                          "",
                                          "x",
                                          "{{",
                                          "{{secret.a}}",
                                          "{{config.b}}",
                                          "{{body}}",
                                          "header",
                                          "query",
                                          "cookie",
                                          "Host",
                                          "a\r\nb",
                                          "\xc3\xa9",
                                          std::string(5000, 'y'),
                                          Json::array(),
                                          Json::object(),
                                          Json::array({1, "a", nullptr}),
                                          Json{{"a", Json{{"b", 1}}}},
                                          "https://login.example.com/x",
                                          "http://10.0.0.1/",
                                          "grace",
                                          "HS256",
                                          "none",
                                          3600,
                                          "/.."};
  return kJunk[static_cast<size_t>(Below(static_cast<int>(kJunk.size())))];
}

void ConfigMutator::Change(Json& value) {
  if (value.is_structured() && !value.empty() && Below(4) != 0) {
    auto at = value.begin();
    std::advance(at, Below(static_cast<int>(value.size())));
    if (Below(6) == 0) {
      value.erase(at);
    } else {
      Change(*at);
    }
  } else if (value.is_object() && Below(2) == 0) {
    value["extra"] = Junk();
  } else {
    value = Junk();
  }
}

}  // namespace penstock::connector
