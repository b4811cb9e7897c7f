#include "services/interfaces/ops/tenant_request.h"

#include "absl/strings/ascii.h"
#include "libs/request/text.h"
#include "services/interfaces/domain/email.h"

namespace penstock::interfaces {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxSlug = 63;

bool IsSlugCharacter(char c) {
  return absl::ascii_islower(static_cast<unsigned char>(c)) ||
         absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool IsSlug(std::string_view slug) {
  if (slug.empty() || slug.size() > kMaxSlug) return false;
  if (!IsSlugCharacter(slug.front()) || !IsSlugCharacter(slug.back())) return false;
  for (char c : slug) {
    if (c != '-' && !IsSlugCharacter(c)) return false;
  }
  return true;
}

}  // namespace

std::string SlugFrom(std::string_view name) {
  std::string slug;
  for (char c : name) {
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    if (IsSlugCharacter(lower)) {
      slug += lower;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
    if (slug.size() == kMaxSlug) break;
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

absl::Status CheckTenantRequest(const TenantRequest& request) {
  std::vector<FieldViolation> wrong;
  CheckText(request.name, "tenant_name", {.min = 1, .max = 255}, wrong);
  if (!IsSlug(request.slug)) {
    wrong.push_back({"slug", "must be 1 to 63 lower-case letters, digits and inner hyphens"});
  }
  CheckEmail(request.email, "admin_user.email", wrong);
  CheckText(request.first_name, "admin_user.first_name", {.max = 100}, wrong);
  CheckText(request.last_name, "admin_user.last_name", {.max = 100}, wrong);
  if (!request.company.empty()) {
    CheckText(request.company, "company_name", {.min = 1, .max = 255}, wrong);
  }
  if (!request.checkout_session_id.empty()) {
    CheckText(request.checkout_session_id, "checkout_session_id", {.min = 1, .max = 255}, wrong);
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

Json ToJson(const TenantRequest& request) {
  return {{"tenantName", request.name},
          {"slug", request.slug},
          {"adminUser",
           {{"firstName", request.first_name},
            {"lastName", request.last_name},
            {"email", request.email}}},
          {"companyName", request.company},
          {"billingPlan", request.plan},
          {"checkoutSessionId", request.checkout_session_id}};
}

absl::StatusOr<TenantRequest> TenantRequestFrom(const Json& json) {
  try {
    const Json& admin = json.at("adminUser");
    return TenantRequest{.name = json.at("tenantName"),
                         .slug = json.at("slug"),
                         .first_name = admin.at("firstName"),
                         .last_name = admin.at("lastName"),
                         .email = admin.at("email"),
                         .company = json.at("companyName"),
                         .plan = json.at("billingPlan"),
                         .checkout_session_id = json.at("checkoutSessionId")};
  } catch (const Json::exception&) {
    return absl::InvalidArgumentError("the request of the tenant is not whole");
  }
}

}  // namespace penstock::interfaces
