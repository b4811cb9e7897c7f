// The KV engine, version 2.
#include <catch2/catch.hpp>
#include <string>

#include "libs/secrets/conformance/fixture.h"

namespace penstock::secrets {
namespace {

using Json = nlohmann::json;

TEST_CASE_METHOD(ConformanceFixture, "the latest version of a secret is read, with its number") {
  vault->Write(kPath, {{kName, "planted-first"}});
  vault->Write(kPath, {{kName, "planted-second"}, {"OTHER", "x"}});
  const auto session = OpenWith(Rules());
  CHECK(Read(*session) == "planted-second");
  CHECK(Read(*session, "OTHER") == "x");
  CHECK(Read(*session, "NOT_THERE") == "");
  CHECK(ReadDocument(*session)->version == 2);
}

TEST_CASE_METHOD(ConformanceFixture, "a version that is gone is an error until there is another") {
  vault->Write(kPath, {{kName, "planted-first"}});
  vault->Write(kPath, {{kName, "planted-second"}});
  const auto session = OpenWith(Rules());
  std::string how;
  SECTION("deleted") {
    vault->DeleteLatest(kPath);
    how = "deleted";
  }
  SECTION("destroyed") {
    vault->DestroyLatest(kPath);
    how = "destroyed";
  }
  const absl::Status status = ReadDocument(*session).status();
  INFO(status);
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(Says(status, "version 2 of " + kv_path() + " is " + how));
  vault->Write(kPath, {{kName, "planted-third"}});
  CHECK(Read(*session) == "planted-third");
}

TEST_CASE_METHOD(ConformanceFixture,
                 "values that are no text, or empty, are told as what they are") {
  vault->Write(kPath, {{"NUMBER", 8675309},
                       {"EMPTY", ""},
                       {"OBJECT", {{"planted", 1}}},
                       {"NULL", nullptr},
                       {"UNICODE", "pl\u00e4nted \"\\\u2028"}});
  const auto session = OpenWith(Rules());
  const auto document = ReadDocument(*session);
  REQUIRE(document.ok());
  CHECK(document->values.at("NUMBER").problem == "is of type number and must be a string");
  CHECK(document->values.at("EMPTY").problem == "is empty");
  CHECK(document->values.at("OBJECT").problem == "is of type object and must be a string");
  CHECK(document->values.at("NULL").problem == "is of type null and must be a string");
  CHECK(document->values.at("UNICODE").text.Reveal() == "pl\u00e4nted \"\\\u2028");
}

TEST_CASE_METHOD(ConformanceFixture, "a path that has no secret is an absence, no mount an error") {
  vault->Write(kPath, {{kName, "planted"}});
  const std::string none = vault->kv() + "-none";
  const auto session =
      OpenWith({.may_read = {vault->kv() + "/data/other", none + "/data/" + kPath}});
  const auto absent = ReadDocument(*session, "other");
  REQUIRE(absent.ok());
  CHECK(absent->version == 0);
  const absl::Status status = vault::ReadKvDocument(*session, {none, kPath}, "").status();
  INFO(status);
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(Says(status, "is a KV engine of version 2 mounted there?"));
}

struct Refusals : ConformanceFixture {
  Refusals() { vault->Write(kPath, {{kName, "planted"}}); }

  // The status, and what is said with it.
  std::string Ask(const vault::Request& request) const {
    const auto reply = vault::Transport(vault->transport()).Send(request);
    REQUIRE(reply.ok());
    std::string said = std::to_string(reply->status);
    if (!reply->body.is_object()) return said;
    for (const char* member : {"errors", "warnings"}) {
      for (const Json& text : reply->body.value(member, Json::array())) {
        said += " " + text.get<std::string>();
      }
    }
    return said;
  }

  std::string Post(const std::string& path, const std::string& token, const std::string& body) {
    const crypto::Secret shown(token), sent(body);
    return Ask(
        {.method = vault::Request::Method::kPost, .path = path, .token = &shown, .body = &sent});
  }
};

TEST_CASE_METHOD(Refusals, "what is not allowed or not there has its status") {
  const std::string plain = vault->kv() + "/" + kPath;
  const crypto::Secret token(vault->MakeToken({.may_read = {kv_path(), plain}}));
  CHECK(Ask({.path = kv_path(), .token = &token}) == "200");
  CHECK_THAT(Ask({.path = kv_path()}),
             Catch::StartsWith("403 ") && Catch::Contains("permission denied"));
  CHECK_THAT(Ask({.path = plain, .token = &token}),
             Catch::StartsWith("404 Invalid path for a versioned K/V secrets engine"));
  CHECK_THAT(Ask({.path = vault->kv() + "/data/other", .token = &token}),
             Catch::StartsWith("403 ") && Catch::Contains("permission denied"));
  CHECK_THAT(Post(kv_path(), std::string(token.Reveal()), R"({"data":{"a":"b"}})"),
             Catch::StartsWith("403 ") && Catch::Contains("permission denied"));
}

TEST_CASE_METHOD(Refusals,
                 "a write that names the version it replaces is made only over that one") {
  const std::string token =
      vault->MakeToken({.may_update = {kv_path()}, .may_create = {vault->kv() + "/data/new"}});
  auto write = [&](const std::string& path, int version, const char* value) {
    return Post(vault->kv() + "/data/" + path, token,
                Json{{"options", {{"cas", version}}}, {"data", {{kName, value}}}}.dump());
  };
  constexpr char kWrongVersion[] = "400 check-and-set parameter did not match the current version";
  CHECK_THAT(write(kPath, 0, "planted-0"), Catch::StartsWith(kWrongVersion));
  CHECK_THAT(write(kPath, 2, "planted-2"), Catch::StartsWith(kWrongVersion));
  CHECK(write(kPath, 1, "planted-1") == "200");
  CHECK_THAT(write(kPath, 1, "planted-again"), Catch::StartsWith(kWrongVersion));
  CHECK(write("new", 0, "planted-new") == "200");
  const auto session = OpenWith(Rules());
  CHECK(Read(*session) == "planted-1");
  CHECK(ReadDocument(*session)->version == 2);
}

TEST_CASE_METHOD(Refusals, "over a deleted version the next one is written, by its number") {
  const std::string token = vault->MakeToken({.may_update = {kv_path()}});
  vault->DeleteLatest(kPath);
  auto write = [&](int version) {
    return Post(kv_path(), token,
                Json{{"options", {{"cas", version}}}, {"data", {{kName, "planted-next"}}}}.dump());
  };
  CHECK_THAT(write(0), Catch::StartsWith("400 "));
  CHECK(write(1) == "200");
  CHECK(Read(*OpenWith(Rules())) == "planted-next");
}

}  // namespace
}  // namespace penstock::secrets
