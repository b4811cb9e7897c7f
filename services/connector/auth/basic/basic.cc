#include "services/connector/auth/basic/basic.h"

#include <string>
#include <utility>

#include "libs/crypto/encoding.h"
#include "libs/crypto/secret.h"
#include "libs/status/macros.h"
#include "services/connector/auth/basic/schema.h"
#include "services/connector/auth/config_reader.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/request_edit.h"

namespace penstock::connector {
namespace {

constexpr std::string_view kNoColon = "has a ':', which ends the user name (RFC 7617)";

class BasicStrategy final : public DescribedStrategy {
 public:
  BasicStrategy()
      : DescribedStrategy("basic", "Sends user name and password in the Authorization header.",
                          basic::kConfigSchema) {}

  void Check(const Json& config, std::vector<FieldViolation>& wrong) const override {
    const std::string username = ConfigReader(config, wrong).Text("username");
    if (username.find(':') != username.npos) {
      wrong.push_back({"username", std::string(kNoColon)});
    } else if (const auto why = WrongText(username, Alphabet::kUtf8); !why.empty()) {
      wrong.push_back({"username", std::string(why)});
    }
  }

  std::vector<SecretField> secret_fields(const Json& config) const override {
    if (config.contains("username")) return {{"password", "The password; may be empty."}};
    return {{"username", "The user name, or the key where a vendor takes it for one."},
            {"password", "The password; without one it is empty.", false}};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    ASSIGN_OR_RETURN(const std::string_view username, UserName(inputs));
    ASSIGN_OR_RETURN(const std::string_view password, Password(inputs));
    std::string pair(username);
    pair.append(":").append(password);
    SetHeader(request.headers, "Authorization",
              inputs.writing == Writing::kShown ? "Basic base64(" + pair + ")"
                                                : "Basic " + crypto::Base64Encode(pair));
    crypto::Wipe(pair);
    return absl::OkStatus();
  }

 private:
  static absl::StatusOr<std::string_view> UserName(const AuthInputs& inputs) {
    const auto configured = inputs.config.find("username");
    if (configured != inputs.config.end() && configured->is_string()) {
      return std::string_view(configured->get_ref<const std::string&>());
    }
    ASSIGN_OR_RETURN(const std::string_view username,
                     TextCredential(inputs.credentials, "username", Alphabet::kUtf8));
    if (username.find(':') != username.npos) return InvalidCredential("username", kNoColon);
    return username;
  }

  static absl::StatusOr<std::string_view> Password(const AuthInputs& inputs) {
    const bool optional = !inputs.config.contains("username");
    if (optional && inputs.credentials.Find("password") == nullptr) return std::string_view();
    return TextCredential(inputs.credentials, "password", Alphabet::kUtf8, Emptiness::kAllowed);
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeBasicStrategy() { return std::make_unique<BasicStrategy>(); }

}  // namespace penstock::connector
