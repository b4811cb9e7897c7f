#include "libs/sandbox/testing.h"

namespace penstock::sandbox::testing {
namespace {

TenantId SameTenant() {
  static const TenantId tenant = MakeTenant();
  return tenant;
}

}  // namespace

Pool& SharedPool() {
  static const std::unique_ptr<Pool> pool = [] {
    PoolOptions options = Options();
    options.processes = 1;  // so that state left behind would be found by the next evaluation
    options.max_processes = 2;
    return Pool::Create(options).value();
  }();
  return *pool;
}

Outcome Run(std::string body, std::string input) {
  return SharedPool().Evaluate(Body(SameTenant(), std::move(body), std::move(input)));
}

Outcome RunExpression(std::string expression, std::string input) {
  return SharedPool().Evaluate(Expression(SameTenant(), std::move(expression), std::move(input)));
}

}  // namespace penstock::sandbox::testing
