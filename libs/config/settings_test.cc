#include "libs/config/settings.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "libs/config/command_line.h"
#include "libs/config/database.h"
#include "libs/config/environment.h"
#include "libs/status/details.h"

namespace penstock::config {
namespace {

Declarations Sample() {
  return {
      {.name = "PENSTOCK_NAME", .default_text = "blue", .help = "A name."},
      {.name = "PENSTOCK_COLOUR",
       .default_text = "red",
       .help = "A colour.",
       .choices = {"red", "green"}},
      {.name = "PENSTOCK_WORKERS",
       .type = Type::kInt,
       .default_text = "4",
       .help = "Threads.",
       .unit = "threads",
       .minimum = 1,
       .maximum = 64},
      {.name = "PENSTOCK_SHARE", .type = Type::kDouble, .default_text = "0.5", .help = "Share."},
      {.name = "PENSTOCK_ON", .type = Type::kBool, .default_text = "true", .help = "Switch."},
      {.name = "PENSTOCK_WAIT", .type = Type::kDuration, .default_text = "1m30s", .help = "Wait."},
      {.name = "PENSTOCK_ROOM", .type = Type::kBytes, .default_text = "16MiB", .help = "Room."},
      {.name = "PENSTOCK_FILE_PATH", .type = Type::kPath, .default_text = "", .help = "A file."},
      {.name = "PENSTOCK_KEY", .type = Type::kSecret, .default_text = "", .help = "A key."},
  };
}

std::vector<FieldViolation> ProblemsOf(const Environment& environment,
                                       const Declarations& declarations = Sample()) {
  return ViolationsOf(Settings::Parse(declarations, environment).status());
}

std::string TempFile(const std::string& contents) {
  const char* directory = std::getenv("TEST_TMPDIR");
  std::string path = std::string(directory != nullptr ? directory : "/tmp") + "/secret_file";
  std::ofstream(path) << contents;
  return path;
}

TEST_CASE("defaults are used and typed") {
  auto settings = Settings::Parse(Sample(), {});
  REQUIRE(settings.ok());
  CHECK(settings->String("PENSTOCK_NAME") == "blue");
  CHECK(settings->Int("PENSTOCK_WORKERS") == 4);
  CHECK(settings->Double("PENSTOCK_SHARE") == 0.5);
  CHECK(settings->Bool("PENSTOCK_ON"));
  CHECK(settings->Duration("PENSTOCK_WAIT") == absl::Seconds(90));
  CHECK(settings->Bytes("PENSTOCK_ROOM") == 16 << 20);
  CHECK_FALSE(settings->IsSet("PENSTOCK_NAME"));
}

TEST_CASE("what the operator sets wins over the default, and empty counts as not set") {
  auto settings =
      Settings::Parse(Sample(), {{"PENSTOCK_WORKERS", "8"}, {"PENSTOCK_NAME", ""}, {"PATH", "x"}});
  REQUIRE(settings.ok());
  CHECK(settings->Int("PENSTOCK_WORKERS") == 8);
  CHECK(settings->IsSet("PENSTOCK_WORKERS"));
  CHECK(settings->String("PENSTOCK_NAME") == "blue");
}

TEST_CASE("every problem is reported at once") {
  Declarations declarations = Sample();
  declarations.push_back({.name = "PENSTOCK_NEEDED", .help = "Must be given."});
  auto problems = ProblemsOf({{"PENSTOCK_WORKERS", "many"},
                              {"PENSTOCK_COLOUR", "mauve"},
                              {"PENSTOCK_ON", "yes"},
                              {"PENSTOCK_WAIT", "soon"},
                              {"PENSTOCK_ROOM", "16MB"},
                              {"PENSTOCK_SHARE", "nan"},
                              {"PENSTOCK_WROKERS", "3"}},
                             declarations);
  std::vector<std::string> fields;
  for (const auto& problem : problems) fields.push_back(problem.field);
  std::ranges::sort(fields);
  CHECK(fields == std::vector<std::string>{"PENSTOCK_COLOUR", "PENSTOCK_NEEDED", "PENSTOCK_ON",
                                           "PENSTOCK_ROOM", "PENSTOCK_SHARE", "PENSTOCK_WAIT",
                                           "PENSTOCK_WORKERS", "PENSTOCK_WROKERS"});
}

TEST_CASE("an unknown setting of ours is refused with the nearest known name") {
  auto problems = ProblemsOf({{"PENSTOCK_WROKERS", "3"}});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].field == "PENSTOCK_WROKERS");
  CHECK(problems[0].description == "unknown setting; did you mean PENSTOCK_WORKERS?");
}

TEST_CASE("an unknown setting that resembles nothing gets no suggestion") {
  auto problems = ProblemsOf({{"PENSTOCK_ZZZZZZZZZZZZZZZZ", "3"}});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].description == "unknown setting");
}

TEST_CASE("numbers out of bounds, with rubbish behind them or beyond 64 bits are refused") {
  for (const char* text : {"0", "65", "-1", "4x", "4 ", "99999999999999999999", "0x10"}) {
    CAPTURE(text);
    CHECK(ProblemsOf({{"PENSTOCK_WORKERS", text}}).size() == 1);
  }
}

TEST_CASE("sizes and durations that overflow or are negative are refused") {
  CHECK(ProblemsOf({{"PENSTOCK_ROOM", "99999999999GiB"}}).size() == 1);
  CHECK(ProblemsOf({{"PENSTOCK_ROOM", "-1"}}).size() == 1);
  CHECK(ProblemsOf({{"PENSTOCK_WAIT", "-5s"}}).size() == 1);
  CHECK(ProblemsOf({{"PENSTOCK_WAIT", "inf"}}).size() == 1);
}

TEST_CASE("a secret is read from the file that NAME_FILE names, trimmed") {
  auto settings = Settings::Parse(Sample(), {{"PENSTOCK_KEY_FILE", TempFile("  hidden value\n")}});
  REQUIRE(settings.ok());
  CHECK(settings->Secret("PENSTOCK_KEY").Reveal() == "hidden value");
  CHECK(settings->IsSet("PENSTOCK_KEY"));
}

TEST_CASE("a secret given twice or in an unreadable file is a problem") {
  CHECK(ProblemsOf({{"PENSTOCK_KEY", "a"}, {"PENSTOCK_KEY_FILE", TempFile("b")}}).size() == 1);
  auto problems = ProblemsOf({{"PENSTOCK_KEY_FILE", "/nowhere/at/all"}});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].field == "PENSTOCK_KEY_FILE");
}

TEST_CASE("a secret is never printed") {
  auto settings = Settings::Parse(Sample(), {{"PENSTOCK_KEY", "planted"}});
  REQUIRE(settings.ok());
  for (const auto& [name, value] : settings->Printable()) CHECK(value != "planted");
}

TEST_CASE("a look-up reads database passwords from files and refuses unreadable ones") {
  auto lookup = LookupIn({{"DB_PASSWORD_SERVER_FILE", TempFile("pw\n")}, {"DB_HOST", "h"}});
  REQUIRE(lookup.ok());
  CHECK((*lookup)("DB_PASSWORD_SERVER") == "pw");
  CHECK((*lookup)("DB_HOST") == "h");
  CHECK((*lookup)("DB_PORT") == std::nullopt);
  CHECK_FALSE(LookupIn({{"DB_PASSWORD_SERVER_FILE", "/nowhere/at/all"}}).ok());
  CHECK_FALSE(
      LookupIn({{"DB_PASSWORD_SERVER_FILE", TempFile("x")}, {"DB_PASSWORD_SERVER", "y"}}).ok());
}

TEST_CASE("help and the docs page name every setting with its default") {
  Program program{"sample", "Does a thing.", Sample()};
  for (const Setting& setting : program.declarations) {
    CAPTURE(setting.name);
    CHECK(HelpText(program).find(setting.name) != std::string::npos);
    CHECK(MarkdownSection(program).find("`" + setting.name + "`") != std::string::npos);
  }
  CHECK(HelpText(program).find("16MiB") != std::string::npos);
}

TEST_CASE("what a program checks beyond each setting stops it like the others") {
  Program program{"sample", "Does a thing.", Sample(), [](const Environment& environment) {
                    return environment.contains("DB_PORT") ? InvalidField("DB_PORT", "is wrong")
                                                           : absl::OkStatus();
                  }};
  CHECK(ReadSettings(program, {}).ok());
  auto problems = ViolationsOf(
      ReadSettings(program, {{"DB_PORT", "x"}, {"PENSTOCK_WORKERS", "many"}}).status());
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].field == "PENSTOCK_WORKERS");
  CHECK(problems[1].field == "DB_PORT");
}

TEST_CASE("the settings of a database have the types and defaults of those who read them") {
  Declarations database = DeclareDatabase({"SERVER", "ENGINE"});
  auto settings = Settings::Parse(database, {});
  REQUIRE(settings.ok());
  CHECK(settings->Int("DB_PORT") == 5432);
  CHECK(settings->String("DB_USER_ENGINE") == "penstock_engine");
  CHECK_FALSE(Settings::Parse(database, {{"DB_PORT", "x"}}).ok());
  CHECK_FALSE(Settings::Parse(database, {{"DB_SSLMODE", "maybe"}}).ok());
  auto help = HelpText({"sample", "Does a thing.", database});
  CHECK(help.find("DB_PASSWORD_ENGINE_FILE") != std::string::npos);
}

TEST_CASE("the command line ends the process for help, version and mistakes") {
  Program program{"sample", "Does a thing.", Sample()};
  const char* version[] = {"sample", "--version"};
  const char* mistake[] = {"sample", "--verbose"};
  const char* plain[] = {"sample"};
  CHECK(AnswerArguments(program, 2, version) == 0);
  CHECK(AnswerArguments(program, 2, mistake) == 2);
  CHECK(AnswerArguments(program, 1, plain) == std::nullopt);
  CHECK(RefuseToStart(program, {{"PENSTOCK_WORKERS", "'x' is not a whole number"}}) == 2);
}

TEST_CASE("a part of a program sees its own settings only") {
  const Environment environment{
      {"PENSTOCK_KEY_FILE", "/k"}, {"PENSTOCK_NAME", "n"}, {"OTHER", "x"}};
  CHECK(Only(Sample(), environment) ==
        Environment{{"PENSTOCK_KEY_FILE", "/k"}, {"PENSTOCK_NAME", "n"}});
}

TEST_CASE("a secret without a value is empty, and one that is required is asked for") {
  auto settings = Settings::Parse(Sample(), {});
  REQUIRE(settings.ok());
  CHECK(settings->Secret("PENSTOCK_KEY").empty());
  CHECK_FALSE(settings->IsSet("PENSTOCK_KEY"));
  Declarations required{{.name = "PENSTOCK_KEY", .type = Type::kSecret, .help = "A key."}};
  auto problems = ProblemsOf({}, required);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].description == "required: A key.");
}

}  // namespace
}  // namespace penstock::config
