#include "services/interfaces/ops/welcome_mail.h"

#include "fmt/format.h"

namespace penstock::interfaces {

mail::Message WelcomeMail(const TenantRequest& tenant, const std::string& password,
                          absl::Time expires_at) {
  const std::string name = tenant.first_name.empty()  ? tenant.last_name
                           : tenant.last_name.empty() ? tenant.first_name
                                                      : tenant.first_name + " " + tenant.last_name;
  mail::Message message;
  message.to = {name, tenant.email};
  message.subject = "Welcome to " + tenant.name;
  message.text = fmt::format(
      R"(Hello {},

{} is ready. Sign in with

  client:    {}
  e-mail:    {}
  password:  {}

The password is temporary: you choose your own when you first sign in. It is good
until {}.
)",
      name.empty() ? "there" : name, tenant.name, tenant.slug, tenant.email, password,
      absl::FormatTime("%Y-%m-%d %H:%M UTC", expires_at, absl::UTCTimeZone()));
  return message;
}

}  // namespace penstock::interfaces
