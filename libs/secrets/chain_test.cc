// The places that are on this machine, and the order in which they are asked.
#include "libs/secrets/chain.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "fmt/format.h"
#include "libs/config/environment.h"
#include "libs/log/log.h"
#include "libs/secrets/directory_provider.h"
#include "libs/secrets/open.h"
#include "libs/secrets/testing/fake_vault.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/simulated_clock.h"

namespace penstock::secrets {
namespace {

static_assert(!std::constructible_from<log::Field, const char*, const crypto::Secret&>,
              "a secret can't be logged");
static_assert(!fmt::is_formattable<crypto::Secret>::value, "a secret can't be formatted");

struct TempDirectory {
  TempDirectory() {
    char path[] = "/tmp/penstock-secrets-XXXXXX";
    if (mkdtemp(path) == nullptr) testing::Fail("make a directory", path);
    this->path = path;
  }
  ~TempDirectory() { std::filesystem::remove_all(path); }
  void Write(const std::string& name, const std::string& contents) {
    std::ofstream(path + "/" + name) << contents;
  }
  std::string path;
};

// "" = in no place.
std::string ValueIn(const config::Environment& environment, const std::string& name) {
  static testing::SimulatedClock clock;
  const Chain chain = testing::Check(OpenChain(environment, clock), "open");
  auto secret = chain.Find(name);
  if (!secret.ok()) return "error: " + std::string(secret.status().message());
  return secret->has_value() ? std::string((*secret)->Reveal()) : "";
}

std::vector<std::string> WrongSettings(const config::Environment& environment) {
  testing::SimulatedClock clock;
  std::vector<std::string> names;
  for (const FieldViolation& violation : ViolationsOf(OpenChain(environment, clock).status())) {
    names.push_back(violation.field);
  }
  std::ranges::sort(names);
  return names;
}

TEST_CASE("by default the environment is asked first and the directory next") {
  TempDirectory directory;
  directory.Write("A", "from file");
  directory.Write("B", "from file");
  const config::Environment environment{{"SECRET_FS_BASE_PATH", directory.path},
                                        {"A", "from environment"}};
  CHECK(ValueIn(environment, "A") == "from environment");
  CHECK(ValueIn(environment, "B") == "from file");
  CHECK(ValueIn(environment, "C") == "");
}

TEST_CASE("the chain's order is the operator's") {
  TempDirectory directory;
  directory.Write("A", "from file");
  CHECK(ValueIn({{"SECRET_READ_CHAIN", " filesystem , env "},
                 {"SECRET_FS_BASE_PATH", directory.path},
                 {"A", "x"}},
                "A") == "from file");
  CHECK(ValueIn({{"SECRET_READ_CHAIN", "env"}, {"SECRET_FS_BASE_PATH", directory.path}}, "A") ==
        "");
}

TEST_CASE("the environment is read under a prefix, and the empty text is no secret") {
  CHECK(ValueIn({{"SECRET_ENV_PREFIX", "APP_"}, {"APP_A", "x"}, {"A", "y"}}, "A") == "x");
  CHECK(ValueIn({{"A", ""}}, "A") == "");
}

TEST_CASE("a file is trimmed, and reached through a link as Kubernetes mounts it") {
  TempDirectory directory;
  directory.Write("A", "\n planted value \r\n\n");
  std::filesystem::create_directory(directory.path + "/..data");
  directory.Write("..data/B", "linked\n");
  std::filesystem::create_symlink("..data/B", directory.path + "/B");
  const config::Environment environment{{"SECRET_FS_BASE_PATH", directory.path + "/"}};
  CHECK(ValueIn(environment, "A") == "planted value");
  CHECK(ValueIn(environment, "B") == "linked");
}

TEST_CASE("a name with path parts is refused, also by the directory itself") {
  TempDirectory directory;
  std::filesystem::create_directory(directory.path + "/inner");
  directory.Write("inner/A", "planted");
  auto provider = CreateDirectoryProvider(directory.path + "/inner", Directory::kMustExist);
  testing::SimulatedClock clock;
  const Chain chain =
      testing::Check(OpenChain({{"SECRET_FS_BASE_PATH", directory.path}}, clock), "open");
  for (const char* name :
       {"../inner/A", "inner/A", "/etc/hostname", "..", ".", "", "A/", "A\n", "A B"}) {
    CAPTURE(name);
    CHECK(absl::IsInvalidArgument(provider->Find(name).status()));
    CHECK(absl::IsInvalidArgument(chain.Find(name).status()));
  }
}

TEST_CASE("a file that can't be taken is an error that names it and shows nothing of it") {
  TempDirectory directory;
  directory.Write("LARGE", std::string(65 << 10, 'p'));
  directory.Write("BLANK", " \n");
  std::filesystem::create_directory(directory.path + "/DIRECTORY");
  REQUIRE(mkfifo((directory.path + "/PIPE").c_str(), 0600) == 0);
  std::filesystem::create_symlink("LOOP", directory.path + "/LOOP");
  const config::Environment environment{{"SECRET_FS_BASE_PATH", directory.path}};
  CHECK(ValueIn(environment, "LARGE") ==
        "error: " + directory.path + "/LARGE is larger than 64 KiB");
  CHECK(ValueIn(environment, "BLANK") == "error: " + directory.path + "/BLANK is empty");
  CHECK(ValueIn(environment, "DIRECTORY") ==
        "error: " + directory.path + "/DIRECTORY is not a regular file");
  CHECK(ValueIn(environment, "PIPE") == "error: " + directory.path + "/PIPE is not a regular file");
  CHECK(ValueIn(environment, "LOOP").starts_with("error: can't read " + directory.path + "/LOOP"));
}

TEST_CASE("what can't be told is not looked for further on") {
  TempDirectory directory;
  directory.Write("A", "");
  CHECK(ValueIn({{"SECRET_READ_CHAIN", "filesystem,env"},
                 {"SECRET_FS_BASE_PATH", directory.path},
                 {"A", "old"}},
                "A") == "error: " + directory.path + "/A is empty");
}

TEST_CASE("a directory that the operator names must exist, the usual one need not") {
  CHECK(ValueIn({{"SECRET_FS_BASE_PATH", "/nowhere/at/all"}}, "A") ==
        "error: SECRET_FS_BASE_PATH: /nowhere/at/all is not a directory");
  CHECK(ValueIn({}, "A_SECRET_THAT_NO_MACHINE_HAS") == "");
}

TEST_CASE("a secret that must be there and is not is named with every place looked at") {
  testing::SimulatedClock clock;
  const Chain chain = testing::Check(
      OpenChain(
          {{"SECRET_FS_BASE_PATH", "/tmp"}, {"SECRET_ENV_PREFIX", "APP_"}, {"APP_B", "planted"}},
          clock),
      "open");
  const absl::Status status = chain.GetSecret("A_SECRET_THAT_NO_MACHINE_HAS").status();
  CHECK(absl::IsNotFound(status));
  CHECK(status.message() ==
        "the secret A_SECRET_THAT_NO_MACHINE_HAS is not in the environment variable "
        "APP_A_SECRET_THAT_NO_MACHINE_HAS, the file /tmp/A_SECRET_THAT_NO_MACHINE_HAS");
  CHECK(chain.GetSecret("B")->Reveal() == "planted");
}

TEST_CASE("a chain that names other places, or one twice, is refused") {
  CHECK(WrongSettings({{"SECRET_READ_CHAIN", "env,files"}}) ==
        std::vector<std::string>{"SECRET_READ_CHAIN"});
  CHECK(WrongSettings({{"SECRET_READ_CHAIN", "env,env"}}) ==
        std::vector<std::string>{"SECRET_READ_CHAIN"});
  CHECK(WrongSettings({{"SECRET_READ_CHAIN", "env,"}}) ==
        std::vector<std::string>{"SECRET_READ_CHAIN"});
}

TEST_CASE("every missing or wrong setting of Vault is named at once, without what it holds") {
  using Names = std::vector<std::string>;
  CHECK(WrongSettings({{"SECRET_READ_CHAIN", "vault"}}) == Names{"VAULT_ADDR", "VAULT_TOKEN"});
  CHECK(WrongSettings({{"SECRET_READ_CHAIN", "vault"},
                       {"VAULT_ADDR", "vault:8200"},
                       {"VAULT_AUTH_METHOD", "approle"},
                       {"VAULT_APP_SECRET_PATH", "app/secrets"},
                       {"VAULT_NAMESPACE", "../x"}}) == Names{"VAULT_ADDR", "VAULT_APP_SECRET_PATH",
                                                              "VAULT_NAMESPACE", "VAULT_ROLE_ID",
                                                              "VAULT_SECRET_ID"});
  CHECK(WrongSettings({{"SECRET_READ_CHAIN", "vault"},
                       {"VAULT_ADDR", "https://vault"},
                       {"VAULT_AUTH_METHOD", "kubernetes"}}) == Names{"VAULT_KUBERNETES_ROLE"});
  CHECK(WrongSettings({{"VAULT_AUTH_METHOD", "guess"}}) == Names{"VAULT_AUTH_METHOD"});
}

TEST_CASE("Vault is one place of the chain, by the settings of each way to log in") {
  testing::SimulatedClock clock;
  FakeVault vault(clock);
  TempDirectory directory;
  directory.Write("A", "from file");
  vault.Write("teams/kv", "app", {{"A", "from vault"}, {"B", "from vault"}}, "org/team");
  const TokenRules rules{.may_read = {"teams/kv/data/app"}};
  config::Environment environment{{"SECRET_READ_CHAIN", "filesystem,vault"},
                                  {"SECRET_FS_BASE_PATH", directory.path},
                                  {"VAULT_ADDR", vault.address() + "/"},
                                  {"VAULT_APP_SECRET_PATH", "teams/kv/data/app"},
                                  {"VAULT_NAMESPACE", "org/team/"}};
  SECTION("token") { environment["VAULT_TOKEN"] = vault.MakeToken(rules, "org/team"); }
  SECTION("token in a file") {
    directory.Write("token", vault.MakeToken(rules, "org/team") + "\n");
    environment["VAULT_TOKEN_FILE"] = directory.path + "/token";
  }
  SECTION("AppRole") {
    vault.AllowAppRole("roles", "penstock", "planted-id", rules, "org");
    environment.insert({{"VAULT_AUTH_METHOD", "approle"},
                        {"VAULT_AUTH_NAMESPACE", "org"},
                        {"VAULT_APPROLE_MOUNT", "roles"},
                        {"VAULT_ROLE_ID", "penstock"},
                        {"VAULT_SECRET_ID", "planted-id"}});
  }
  SECTION("Kubernetes") {
    vault.AllowKubernetes("kubernetes", "penstock", "planted.jwt", rules, "org/team");
    directory.Write("jwt", "planted.jwt");
    environment.insert({{"VAULT_AUTH_METHOD", "kubernetes"},
                        {"VAULT_KUBERNETES_ROLE", "penstock"},
                        {"VAULT_KUBERNETES_TOKEN_FILE", directory.path + "/jwt"}});
  }
  CHECK(ValueIn(environment, "A") == "from file");
  CHECK(ValueIn(environment, "B") == "from vault");
  CHECK(ValueIn(environment, "C") == "");
}

TEST_CASE("a Vault that is away does not bring back what stands behind it in the chain") {
  const std::string value = ValueIn({{"SECRET_READ_CHAIN", "vault,env"},
                                     {"A", "old"},
                                     {"VAULT_ADDR", "http://127.0.0.1:1"},
                                     {"VAULT_RETRY_TIMEOUT", "0s"},
                                     {"VAULT_TOKEN", "planted"}},
                                    "A");
  CHECK(value.starts_with("error: Vault at http://127.0.0.1:1 can't be asked"));
}

}  // namespace
}  // namespace penstock::secrets
