#include "libs/postgres/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "libs/postgres/conninfo.h"
#include "libs/status/details.h"

namespace penstock::postgres {
namespace {

constexpr std::array<std::string_view, 2> kPoolers = {"none", "transaction"};
constexpr std::array<std::string_view, 6> kSslModes = {"disable", "allow",     "prefer",
                                                       "require", "verify-ca", "verify-full"};

std::string_view SettingSuffix(Role role) {
  switch (role) {
    case Role::kOwner:
      return "OWNER";
    case Role::kAdmin:
      return "ADMIN";
    case Role::kServer:
      return "SERVER";
    case Role::kEngine:
      return "ENGINE";
    case Role::kSuperuser:
      return "SUPERUSER";
  }
  return "";
}

// Reads settings and collects what is wrong with them.
class Reader {
 public:
  explicit Reader(const Lookup& lookup) : lookup_(lookup) {}

  // An empty value is as good as none: deployments set what they leave open to "".
  std::optional<std::string> Text(std::string_view name) const {
    std::optional<std::string> value = lookup_(name);
    return value && !value->empty() ? value : std::nullopt;
  }

  int Number(std::string_view name, int default_value, int minimum, int maximum) {
    std::optional<std::string> text = Text(name);
    if (!text) return default_value;
    int value = 0;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value < minimum ||
        value > maximum) {
      Refuse(name, fmt::format("\"{}\" is not a whole number from {} to {}", *text, minimum, maximum));
      return default_value;
    }
    return value;
  }

  absl::Duration Duration(std::string_view name, absl::Duration default_value) {
    std::optional<std::string> text = Text(name);
    if (!text) return default_value;
    absl::Duration value;
    if (!absl::ParseDuration(*text, &value) || value <= absl::ZeroDuration()) {
      Refuse(name, fmt::format("\"{}\" is not a duration such as 500ms or 5s", *text));
      return default_value;
    }
    return value;
  }

  template <size_t n>
  std::string_view Choice(std::string_view name, const std::array<std::string_view, n>& choices) {
    std::optional<std::string> text = Text(name);
    if (!text) return choices[0];
    auto found = std::find(choices.begin(), choices.end(), *text);
    if (found != choices.end()) return *found;
    Refuse(name, fmt::format("\"{}\" is not one of {}", *text, fmt::join(choices, ", ")));
    return choices[0];
  }

  void Refuse(std::string_view name, std::string why) {
    violations_.push_back({std::string(name), std::move(why)});
  }

  absl::Status status() const {
    return violations_.empty() ? absl::OkStatus() : BadRequest(violations_);
  }

 private:
  const Lookup& lookup_;
  std::vector<FieldViolation> violations_;
};

// True when no host of the list is over the network.
bool IsUnixSocket(const Conninfo& conninfo) {
  auto hosts = conninfo.find("host");
  if (hosts == conninfo.end()) return true;
  std::vector<std::string> each = absl::StrSplit(hosts->second, ',');
  return std::all_of(each.begin(), each.end(),
                     [](const std::string& host) { return host.starts_with('/') || host.starts_with('@'); });
}

Session ReadSession(Reader& reader, const Conninfo& place) {
  if (reader.Choice("DB_POOLER", kPoolers) == "none") return Session::kOwn;
  if (place.contains("options")) {
    reader.Refuse("DATABASE_URL", "its connect options would set up a session, and DB_POOLER=transaction says that there is none to keep");
  }
  return Session::kShared;
}

Conninfo ReadPlace(Reader& reader) {
  Conninfo place;
  if (std::optional<std::string> url = reader.Text("DATABASE_URL")) {
    absl::StatusOr<Conninfo> parsed = ParseConninfo(*url);
    if (parsed.ok()) {
      place = *std::move(parsed);
    } else {
      reader.Refuse("DATABASE_URL", std::string(parsed.status().message()));
    }
  } else {
    place["host"] = reader.Text("DB_HOST").value_or("localhost");
    place["port"] = fmt::format("{}", reader.Number("DB_PORT", 5432, 1, 65535));
    place["dbname"] = reader.Text("DB_NAME_SERVER").value_or("penstock");
  }
  if (reader.Text("DB_SSLMODE")) place["sslmode"] = reader.Choice("DB_SSLMODE", kSslModes);
  return place;
}

void SetUser(Reader& reader, Role role, Conninfo& conninfo) {
  const std::string user_name = fmt::format("DB_USER_{}", SettingSuffix(role));
  const std::string password_name = fmt::format("DB_PASSWORD_{}", SettingSuffix(role));
  // The URL's user is the server's; the others must not borrow its password.
  if (role != Role::kServer) {
    conninfo.erase("user");
    conninfo.erase("password");
  }
  if (std::optional<std::string> user = reader.Text(user_name)) conninfo["user"] = *user;
  conninfo.try_emplace("user", RoleName(role));
  if (std::optional<std::string> password = reader.Text(password_name)) {
    conninfo["password"] = *password;
  } else if (!conninfo.contains("password") && !IsUnixSocket(conninfo)) {
    reader.Refuse(password_name, "is required to connect over the network");
  }
}

}  // namespace

absl::StatusOr<PoolOptions> ReadPoolOptions(Role role, const Lookup& lookup) {
  Reader reader(lookup);
  Conninfo conninfo = ReadPlace(reader);
  SetUser(reader, role, conninfo);
  PoolOptions options;
  options.session = ReadSession(reader, conninfo);
  options.max_connections = reader.Number("DB_POOL_MAX", options.max_connections, 1, 1000);
  options.min_connections = reader.Number("DB_POOL_MIN", std::min(options.min_connections, options.max_connections), 0, 1000);
  if (options.min_connections > options.max_connections) {
    reader.Refuse("DB_POOL_MIN", fmt::format("{} is more than DB_POOL_MAX, {}", options.min_connections,
                                             options.max_connections));
  }
  options.acquire_timeout = reader.Duration("DB_POOL_ACQUIRE_TIMEOUT", options.acquire_timeout);
  options.conninfo = ToString(conninfo);
  if (absl::Status status = reader.status(); !status.ok()) return status;
  return options;
}

absl::Status CheckPoolOptions(std::initializer_list<Role> roles, const Lookup& lookup) {
  std::vector<FieldViolation> wrong;
  for (const Role role : roles) {
    const absl::Status status = ReadPoolOptions(role, lookup).status();
    for (FieldViolation& violation : ViolationsOf(status)) wrong.push_back(std::move(violation));
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

}  // namespace penstock::postgres
