// What is written comes back as it was meant, and nothing else gets in.
#include "libs/mail/compose.h"

#include <catch2/catch.hpp>
#include <string>

#include "libs/mail/testing/parsed_mail.h"
#include "libs/status/details.h"

namespace penstock::mail {
namespace {

const Address kFrom{"Penstock", "no-reply@example.com"};
const absl::Time kDate = absl::FromUnixSeconds(1'750'000'000);  // a Sunday

Message Sample() {
  return {.to = {"Ada Lovelace", "ada@example.com"}, .subject = "Welcome", .text = "Hello.\n"};
}

ParsedMail Parsed(const Message& message, const Address& from = kFrom) {
  auto composed = Compose(message, from, kDate);
  INFO(composed.status().ToString());
  REQUIRE(composed.ok());
  return ParseMail(composed->bytes);
}

std::string WrongField(const Message& message, const Address& from = kFrom) {
  auto violations = ViolationsOf(Compose(message, from, kDate).status());
  return violations.size() == 1 ? violations[0].field : "";
}

TEST_CASE("a message has the headers that mail needs") {
  Message message = Sample();
  message.id = "welcome-7";
  const ParsedMail mail = Parsed(message);
  CHECK(mail.headers.at("Date") == "Sun, 15 Jun 2025 15:06:40 +0000");
  CHECK(mail.headers.at("From") == "Penstock <no-reply@example.com>");
  CHECK(mail.headers.at("To") == "Ada Lovelace <ada@example.com>");
  CHECK(mail.headers.at("Message-ID") == "<welcome-7@example.com>");
  CHECK(mail.headers.at("Subject") == "Welcome");
  CHECK(mail.headers.at("MIME-Version") == "1.0");
  CHECK(mail.headers.at("Auto-Submitted") == "auto-generated");
  CHECK(mail.text == "Hello.\n");
}

TEST_CASE("a message without an id gets one of its own") {
  const std::string one = Compose(Sample(), kFrom, kDate)->id,
                    other = Compose(Sample(), kFrom, kDate)->id;
  CHECK(one.size() == 32);
  CHECK(one != other);
}

TEST_CASE("subjects and names of any language come back as they were") {
  for (const std::string& text :
       {std::string("Grüße aus Köln"), std::string("ようこそ、世界へ"), std::string("plain"),
        std::string(200, 'a') + "é", std::string("=?UTF-8?B?cGxhbnRlZA==?="),
        std::string("quote \" and \\ back"), std::string("a"),
        std::string("three  blanks   inside"), std::string("comma, at @ angle <x>"),
        std::string(
            "\xF0\x9F\x9A\xB0 pipes "
            "\xF0\x9F\x9A\xB0\xF0\x9F\x9A\xB0\xF0\x9F\x9A\xB0\xF0\x9F\x9A\xB0\xF0\x9F\x9A\xB0")}) {
    CAPTURE(text);
    Message message = Sample();
    message.subject = text;
    CHECK(Parsed(message).headers.at("Subject") == text);
  }
  Message message = Sample();
  message.to.name = "Žofie Nováková";
  CHECK(Parsed(message).headers.at("To") == "Žofie Nováková <ada@example.com>");
  message.to.name = "Lovelace, \"Ada\"";
  CHECK(Parsed(message).headers.at("To") == "\"Lovelace, \\\"Ada\\\"\" <ada@example.com>");
  message.to.name = "";
  CHECK(Parsed(message).headers.at("To") == "ada@example.com");
}

TEST_CASE("texts come back as they were, whatever their lines look like") {
  for (const std::string& text :
       {std::string("one\ntwo\n\nfour\n"), std::string(".\n..\n.hidden\nFrom here\n"),
        std::string("trailing blank \ntab\t\n"), std::string("a = b =3D =\n"),
        std::string(5000, 'x') + "\n", std::string("pässwörd: Zß9!\n"), std::string("\n\n"),
        std::string(75, 'y') + "=\n", std::string(74, 'y') + "ü" + std::string(74, 'z') + "\n"}) {
    CAPTURE(text);
    Message message = Sample();
    message.text = text;
    CHECK(Parsed(message).text == text);
  }
  Message message = Sample();
  message.text = "by\r\ntwo\rthree";
  CHECK(Parsed(message).text == "by\ntwo\rthree\n");
}

TEST_CASE("what would add a header, a command or a second message is refused") {
  for (const char* injected : {"a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\x01", "a\x7f"}) {
    CAPTURE(injected);
    Message message = Sample();
    message.subject = injected;
    CHECK(WrongField(message) == "subject");
    message = Sample();
    message.to.name = injected;
    CHECK(WrongField(message) == "to.name");
    CHECK(WrongField(Sample(), {injected, "no-reply@example.com"}) == "from.name");
    message = Sample();
    message.to.email = std::string("ada@example.com") + injected;
    CHECK(WrongField(message) == "to.email");
    message = Sample();
    message.id = injected;
    CHECK(WrongField(message) == "id");
  }
  Message message = Sample();
  message.text = std::string("a\0b", 3);
  CHECK(WrongField(message) == "text");
}

TEST_CASE("what is not UTF-8, empty or too long is refused by field") {
  Message message = Sample();
  message.subject = "";
  CHECK(WrongField(message) == "subject");
  message.subject = "\xff";
  CHECK(WrongField(message) == "subject");
  message.subject = std::string(501, 'a');
  CHECK(WrongField(message) == "subject");
  message = Sample();
  message.text = "\xc3";
  CHECK(WrongField(message) == "text");
  message.text = std::string((1 << 20) + 1, 'a');
  CHECK(WrongField(message) == "text");
}

TEST_CASE("an address is local@domain in plain ASCII") {
  for (const char* right : {"a@b", "ada.lovelace+x@mail.example.com", "o'hara@example.com"})
    CHECK(CheckEmail(right).ok());
  for (const std::string& wrong :
       {std::string("ada"), std::string("@b"), std::string("a@"), std::string("a@b@c"),
        std::string("a b@c"), std::string("a@b>"), std::string("<a@b"), std::string("a..b@c"),
        std::string(".a@b"), std::string("a@-_"), std::string("ä@b"), std::string("a@b,c@d"),
        std::string("\"a\"@b"), std::string(300, 'a') + "@b", std::string("a@b ")}) {
    CAPTURE(wrong);
    CHECK_FALSE(CheckEmail(wrong).ok());
  }
  CHECK(ParseAddress("Ada Lovelace <ada@example.com>")->name == "Ada Lovelace");
  CHECK(ParseAddress(" ada@example.com ")->email == "ada@example.com");
  CHECK_FALSE(ParseAddress("Ada <ada@example.com> x").ok());
}

}  // namespace
}  // namespace penstock::mail
