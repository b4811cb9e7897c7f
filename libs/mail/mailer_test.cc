// Mail into files or nowhere, and the settings that say which.
#include "libs/mail/mailer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "libs/config/settings.h"
#include "libs/mail/file_mailer.h"
#include "libs/mail/settings.h"
#include "libs/mail/testing/parsed_mail.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/simulated_clock.h"

namespace penstock::mail {
namespace {

const Address kFrom{"Penstock", "no-reply@example.com"};
Message Sample() {
  return {.to = {"Žofie", "zofie@example.com"},
          .subject = "Vítejte",
          .text = ".\nPassword: a=b\n.end\n",
          .id = "m-1"};
}

std::vector<std::string> WrongSettings(const config::Environment& environment) {
  std::vector<std::string> names;
  for (const FieldViolation& violation : ViolationsOf(Check(environment)))
    names.push_back(violation.field);
  return names;
}

struct TempDirectory {
  TempDirectory() {
    char made[] = "/tmp/penstock-mail-XXXXXX";
    if (mkdtemp(made) == nullptr) testing::Fail("make a directory", made);
    path = made;
  }
  ~TempDirectory() { std::filesystem::remove_all(path); }
  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(path))
      files.push_back(entry.path());
    return files;
  }
  std::string path;
};

TEST_CASE("a message becomes one file that only its owner reads") {
  TempDirectory directory;
  testing::SimulatedClock clock;
  auto mailer = testing::Check(CreateFileMailer(kFrom, directory.path, clock), "make a mailer");
  const mode_t mask = umask(0);
  CHECK(mailer->Send(Sample()).ok());
  umask(mask);
  REQUIRE(directory.Files().size() == 1);
  const std::string path = directory.Files()[0];
  CHECK(path == directory.path + "/1750000000000000-m-1.eml");
  struct stat about;
  REQUIRE(stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  std::ifstream in(path);
  const ParsedMail mail =
      ParseMail({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  CHECK(mail.headers.at("Subject") == "Vítejte");
  CHECK(mail.text == ".\nPassword: a=b\n.end\n");
}

TEST_CASE("what can't be written leaves nothing behind and may do better later") {
  TempDirectory directory;
  testing::SimulatedClock clock;
  auto mailer = testing::Check(CreateFileMailer(kFrom, directory.path, clock), "make a mailer");
  // A directory in the place of the file.
  std::filesystem::create_directories(directory.path + "/1750000000000000-m-1.eml/x");
  const absl::Status status = mailer->Send(Sample());
  CHECK(MayPass(status));
  CHECK(directory.Files().size() == 1);
}

TEST_CASE("the directory is made, private, or refused when it can't be") {
  TempDirectory directory;
  testing::SimulatedClock clock;
  REQUIRE(CreateFileMailer(kFrom, directory.path + "/mail", clock).ok());
  struct stat about;
  REQUIRE(stat((directory.path + "/mail").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0700);
  CHECK(CreateFileMailer(kFrom, directory.path + "/mail", clock).ok());
  std::ofstream(directory.path + "/file") << "x";
  for (const std::string& wrong : {directory.path + "/file", directory.path + "/no/where"}) {
    const auto violations = ViolationsOf(CreateFileMailer(kFrom, wrong, clock).status());
    REQUIRE(violations.size() == 1);
    CHECK(violations[0].field == "PENSTOCK_MAIL_DIRECTORY");
  }
}

TEST_CASE("without a transport every message is refused, and says so") {
  testing::SimulatedClock clock;
  auto settings = config::Settings::Parse(DeclareSettings(), {});
  REQUIRE(settings.ok());
  auto options = OptionsFrom(*settings);
  REQUIRE(options.ok());
  auto mailer = testing::Check(Create(*options, clock), "make a mailer");
  const absl::Status status = mailer->Send(Sample());
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(ReasonOf(status) == kNotSetUp);
}

TEST_CASE("settings that do not fit together are refused by name") {
  using Names = std::vector<std::string>;
  CHECK(WrongSettings({}) == Names{});
  CHECK(WrongSettings({{"PENSTOCK_MAIL_TRANSPORT", "file"}}) == Names{"PENSTOCK_MAIL_DIRECTORY"});
  CHECK(WrongSettings({{"PENSTOCK_MAIL_FROM", "nobody"}}) == Names{"PENSTOCK_MAIL_FROM"});
  CHECK(WrongSettings({{"PENSTOCK_MAIL_TRANSPORT", "smtp"}}) ==
        Names{"PENSTOCK_MAIL_FROM", "PENSTOCK_MAIL_SMTP_URL"});
  const config::Environment smtp{{"PENSTOCK_MAIL_TRANSPORT", "smtp"},
                                 {"PENSTOCK_MAIL_FROM", "no-reply@example.com"},
                                 {"PENSTOCK_MAIL_SMTP_URL", "smtp://mail.example:587"}};
  CHECK(WrongSettings(smtp) == Names{});
  auto with = [&](config::Environment more) {
    more.insert(smtp.begin(), smtp.end());
    return WrongSettings(more);
  };
  CHECK(with({{"PENSTOCK_MAIL_SMTP_USER", "u"}}) == Names{"PENSTOCK_MAIL_SMTP_PASSWORD"});
  CHECK(with({{"PENSTOCK_MAIL_SMTP_PASSWORD", "planted"}}) == Names{"PENSTOCK_MAIL_SMTP_USER"});
  CHECK(with({{"PENSTOCK_MAIL_SMTP_USER", "u"},
              {"PENSTOCK_MAIL_SMTP_PASSWORD", "planted"},
              {"PENSTOCK_MAIL_SMTP_STARTTLS", "off"}}) == Names{"PENSTOCK_MAIL_SMTP_STARTTLS"});
  for (const char* url : {"http://mail.example", "smtp://", "smtp://u:planted@mail.example",
                          "smtp://mail.example/x", "mail.example"}) {
    CAPTURE(url);
    CHECK(with({{"PENSTOCK_MAIL_SMTP_URL", url}}) == Names{"PENSTOCK_MAIL_SMTP_URL"});
  }
}

}  // namespace
}  // namespace penstock::mail
