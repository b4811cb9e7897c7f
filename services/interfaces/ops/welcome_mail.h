// The mail that a tenant's first owner gets.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "libs/mail/message.h"
#include "services/interfaces/ops/tenant_request.h"

namespace penstock::interfaces {

mail::Message WelcomeMail(const TenantRequest& tenant, const std::string& password,
                          absl::Time expires_at);

}  // namespace penstock::interfaces
