#include "services/connector/auth/builtin.h"

#include <memory>
#include <utility>
#include <vector>

#include "services/connector/auth/api_key/api_key.h"
#include "services/connector/auth/aws_sigv4/aws_sigv4.h"
#include "services/connector/auth/basic/basic.h"
#include "services/connector/auth/bearer/bearer.h"
#include "services/connector/auth/custom/custom.h"
#include "services/connector/auth/hmac/hmac.h"
#include "services/connector/auth/jwt_bearer/jwt_bearer.h"
#include "services/connector/auth/mtls/mtls.h"
#include "services/connector/auth/none/none.h"
#include "services/connector/auth/oauth2/oauth2.h"

namespace penstock::connector {

AuthStrategies BuiltinAuthStrategies(UrlRules rules) {
  std::vector<std::unique_ptr<AuthStrategy>> strategies;
  strategies.push_back(MakeApiKeyStrategy());
  strategies.push_back(MakeAwsSigV4Strategy());
  strategies.push_back(MakeBasicStrategy());
  strategies.push_back(MakeBearerStrategy());
  strategies.push_back(MakeCustomStrategy());
  strategies.push_back(MakeHmacStrategy());
  strategies.push_back(MakeJwtBearerStrategy());
  strategies.push_back(MakeMtlsStrategy());
  strategies.push_back(MakeNoneStrategy());
  strategies.push_back(MakeOAuth2Strategy(rules));
  // Types and schemas are fixed at build time and tested, so this can't fail; value() ends the
  // process if it does.
  return AuthStrategies::Create(std::move(strategies)).value();
}

}  // namespace penstock::connector
