// Mail goes out of the service as its settings say.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <iterator>
#include <string>

#include "libs/mail/mailer.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/interfaces/testing/service_fixture.h"

namespace penstock::interfaces {
namespace {

using testing::ServiceFixture;

const mail::Message kWelcome{
    .to = {"Ada", "ada@example.com"}, .subject = "Welcome", .text = "Hello.\n", .id = "welcome-1"};

TEST_CASE("the service drops mail into the directory of its settings") {
  char directory[] = "/tmp/penstock-mail-XXXXXX";
  if (mkdtemp(directory) == nullptr) penstock::testing::Fail("make a directory", directory);
  ServiceFixture service;
  service.config.mail = {.transport = mail::Transport::kFile,
                         .from = {"Penstock", "no-reply@example.com"},
                         .directory = directory};
  service.Start();
  CHECK(service.app->mailer().Send(kWelcome).ok());
  const auto files = std::filesystem::directory_iterator(directory);
  CHECK(std::distance(begin(files), end(files)) == 1);
  std::filesystem::remove_all(directory);
}

TEST_CASE(
    "without a transport the service starts, and says of each message that it can't be sent") {
  ServiceFixture service;
  service.Start();
  CHECK(ReasonOf(service.app->mailer().Send(kWelcome)) == mail::kNotSetUp);
}

}  // namespace
}  // namespace penstock::interfaces
