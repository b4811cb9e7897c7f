#include "services/interfaces/rpc/convert_tenant.h"

#include <array>
#include <string_view>
#include <utility>

#include "libs/json/proto_json.h"
#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;

constexpr std::string_view kSettings[] = {"settings.onboarding_completed",
                                          "settings.onboarding_skipped", "settings.onboarding_data",
                                          "settings.custom"};
constexpr std::string_view kEmailSettings[] = {
    "email_settings.provider", "email_settings.fallback_enabled", "email_settings.tracking_enabled",
    "email_settings.max_daily_emails"};
constexpr std::string_view kChangeable[] = {"name",
                                            "email",
                                            "settings",
                                            "settings.onboarding_completed",
                                            "settings.onboarding_skipped",
                                            "settings.onboarding_data",
                                            "settings.custom",
                                            "email_settings",
                                            "email_settings.provider",
                                            "email_settings.fallback_enabled",
                                            "email_settings.tracking_enabled",
                                            "email_settings.max_daily_emails"};

constexpr std::pair<v1::EmailProvider, const char*> kProviders[] = {
    {v1::EMAIL_PROVIDER_SMTP, "smtp"},
    {v1::EMAIL_PROVIDER_RESEND, "resend"},
    {v1::EMAIL_PROVIDER_HYBRID, "hybrid"}};

absl::StatusOr<std::string> ProviderFrom(v1::EmailProvider provider) {
  for (const auto& [proto, name] : kProviders) {
    if (proto == provider) return name;
  }
  return InvalidField("tenant.email_settings.provider", "must be smtp, resend or hybrid");
}

// What is set, where there is no mask: the whole of a message that is there.
FieldNames SetIn(const v1::Tenant& tenant) {
  FieldNames set;
  if (!tenant.name().empty()) set.insert("name");
  if (!tenant.email().empty()) set.insert("email");
  if (tenant.has_settings()) set.insert("settings");
  if (tenant.has_email_settings()) set.insert("email_settings");
  return set;
}

void Unfold(FieldNames& fields) {
  if (fields.contains("settings")) fields.insert(std::begin(kSettings), std::end(kSettings));
  if (fields.contains("email_settings")) {
    fields.insert(std::begin(kEmailSettings), std::end(kEmailSettings));
  }
}

absl::Status ReadSettings(const v1::TenantSettings& settings, const FieldNames& fields,
                          TenantChange& change) {
  if (fields.contains(kSettings[0])) change.onboarding_completed = settings.onboarding_completed();
  if (fields.contains(kSettings[1])) change.onboarding_skipped = settings.onboarding_skipped();
  if (fields.contains(kSettings[2])) {
    ASSIGN_OR_RETURN(change.onboarding_data, json::FromProto(settings.onboarding_data()));
  }
  if (fields.contains(kSettings[3])) {
    ASSIGN_OR_RETURN(change.custom, json::FromProto(settings.custom()));
  }
  return absl::OkStatus();
}

absl::Status ReadEmailSettings(const v1::EmailSettings& mail, const FieldNames& fields,
                               TenantChange& change) {
  if (fields.contains(kEmailSettings[0])) {
    ASSIGN_OR_RETURN(change.email_provider, ProviderFrom(mail.provider()));
  }
  if (fields.contains(kEmailSettings[1])) change.fallback_enabled = mail.fallback_enabled();
  if (fields.contains(kEmailSettings[2])) change.tracking_enabled = mail.tracking_enabled();
  if (fields.contains(kEmailSettings[3])) change.max_daily_emails = mail.max_daily_emails();
  return absl::OkStatus();
}

absl::Status Show(const std::string& text, google::protobuf::Struct& proto) {
  const absl::Status status = json::ToProto(text, proto);
  return status.ok() ? status : absl::InternalError("a stored setting can't be read");
}

constexpr std::pair<v1::Plan, std::string_view> kPlans[] = {
    {v1::PLAN_FREE, "free"}, {v1::PLAN_PRO, "pro"}, {v1::PLAN_ENTERPRISE, "enterprise"}};

constexpr std::pair<v1::TenantStatus, std::string_view> kStatuses[] = {
    {v1::TENANT_STATUS_PENDING, "pending"},
    {v1::TENANT_STATUS_ACTIVE, "active"},
    {v1::TENANT_STATUS_SUSPENDED, "suspended"},
    {v1::TENANT_STATUS_DELETING, "deleting"}};

template <typename Table>
auto ValueIn(const Table& table, std::string_view wanted) {
  for (const auto& [proto, name] : table) {
    if (name == wanted) return proto;
  }
  return decltype(table[0].first)();
}

template <typename Table, typename Value>
std::string NameIn(const Table& table, Value wanted) {
  for (const auto& [proto, name] : table) {
    if (proto == wanted) return std::string(name);
  }
  return "";
}

}  // namespace

v1::Plan PlanToProto(std::string_view plan) { return ValueIn(kPlans, plan); }
std::string PlanName(v1::Plan plan) { return NameIn(kPlans, plan); }
v1::TenantStatus TenantStatusToProto(std::string_view status) { return ValueIn(kStatuses, status); }
std::string TenantStatusName(v1::TenantStatus status) { return NameIn(kStatuses, status); }

absl::StatusOr<TenantChange> FromProto(const auth::CallContext& caller,
                                       const v1::UpdateTenantRequest& request) {
  const v1::Tenant& tenant = request.tenant();
  RETURN_IF_ERROR(CheckOwnTenant(caller, tenant.id()));
  ASSIGN_OR_RETURN(FieldNames fields,
                   FieldsToChange(request.update_mask(), kChangeable, SetIn(tenant)));
  Unfold(fields);
  TenantChange change;
  if (fields.contains("name")) change.name = tenant.name();
  if (fields.contains("email")) change.email = tenant.email();
  RETURN_IF_ERROR(ReadSettings(tenant.settings(), fields, change));
  RETURN_IF_ERROR(ReadEmailSettings(tenant.email_settings(), fields, change));
  return change;
}

absl::StatusOr<v1::Tenant> ToProto(const Tenant& tenant) {
  v1::Tenant proto;
  proto.set_id(tenant.id.ToString());
  proto.set_slug(tenant.slug);
  proto.set_name(tenant.name);
  proto.set_email(tenant.email);
  proto.set_plan(PlanToProto(tenant.plan));
  proto.set_status(TenantStatusToProto(tenant.status));
  SetTime(tenant.created_at, *proto.mutable_create_time());
  SetTime(tenant.updated_at, *proto.mutable_update_time());
  v1::TenantSettings& settings = *proto.mutable_settings();
  if (const auto completed = tenant.settings.onboarding_completed_at) {
    settings.set_onboarding_completed(true);
    SetTime(*completed, *settings.mutable_onboarding_complete_time());
  }
  settings.set_onboarding_skipped(tenant.settings.onboarding_skipped);
  RETURN_IF_ERROR(Show(tenant.settings.onboarding_data, *settings.mutable_onboarding_data()));
  RETURN_IF_ERROR(Show(tenant.settings.custom, *settings.mutable_custom()));
  v1::EmailSettings& mail = *proto.mutable_email_settings();
  for (const auto& [provider, name] : kProviders) {
    if (tenant.email_settings.provider == name) mail.set_provider(provider);
  }
  mail.set_fallback_enabled(tenant.email_settings.fallback_enabled);
  mail.set_tracking_enabled(tenant.email_settings.tracking_enabled);
  mail.set_max_daily_emails(tenant.email_settings.max_daily_emails.value_or(0));
  return proto;
}

}  // namespace penstock::interfaces
