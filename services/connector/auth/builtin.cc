#include "services/connector/auth/builtin.h"

#include <memory>
#include <utility>
#include <vector>

#include "services/connector/auth/api_key/api_key.h"
#include "services/connector/auth/basic/basic.h"
#include "services/connector/auth/bearer/bearer.h"
#include "services/connector/auth/oauth2/oauth2.h"

namespace penstock::connector {

AuthStrategies BuiltinAuthStrategies(UrlRules rules) {
  std::vector<std::unique_ptr<AuthStrategy>> strategies;
  strategies.push_back(MakeApiKeyStrategy());
  strategies.push_back(MakeBasicStrategy());
  strategies.push_back(MakeBearerStrategy());
  strategies.push_back(MakeOAuth2Strategy(rules));
  // Types and schemas are fixed at build time and tested, so this can't fail; value() ends the
  // process if it does.
  return AuthStrategies::Create(std::move(strategies)).value();
}

}  // namespace penstock::connector
