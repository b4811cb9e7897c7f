// The services of identity and what only they need, wired by hand.
#pragma once

#include <vector>

#include "grpcpp/impl/service_type.h"
#include "libs/auth/token_issuer.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"
#include "libs/crypto/password.h"
#include "libs/grpc/serving.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/config.h"
#include "services/interfaces/domain/login_throttle.h"
#include "services/interfaces/ops/sign_in.h"
#include "services/interfaces/rpc/api_key_service.h"
#include "services/interfaces/rpc/audit_service.h"
#include "services/interfaces/rpc/auth_service.h"
#include "services/interfaces/rpc/company_service.h"
#include "services/interfaces/rpc/overview_service.h"
#include "services/interfaces/rpc/project_service.h"
#include "services/interfaces/rpc/tenant_service.h"
#include "services/interfaces/rpc/user_service.h"

namespace penstock::interfaces {

class Identity {
 public:
  // All references outlive it.
  Identity(const Config& config, rpc::Serving& serving, postgres::Pool& pool,
           const auth::TokenKeyring& keys, const Clock& clock);

  std::vector<grpc::Service*> services();
  const IdentityContext& context() const { return context_; }
  // Once nothing arrives any more.
  void Stop() { password_threads_.Stop(); }

 private:
  crypto::PasswordHasher hasher_;
  LoginThrottle throttle_;
  auth::TokenIssuer issuer_;
  lifecycle::ThreadPool password_threads_;
  const IdentityContext context_;
  const SignInContext sign_in_;
  AuthService auth_;
  UserService users_;
  ProjectService projects_;
  ApiKeyService api_keys_;
  TenantService tenants_;
  AuditService audit_;
  CompanyService companies_;
  OverviewService overview_;
};

}  // namespace penstock::interfaces
