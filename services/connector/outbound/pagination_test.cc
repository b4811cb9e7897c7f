#include "services/connector/outbound/pagination.h"

#include <catch2/catch.hpp>
#include <functional>

#include "libs/status/details.h"
#include "services/connector/outbound/link_header.h"
#include "services/connector/outbound/url_query.h"

namespace penstock::connector {
namespace {

using nlohmann::json;

constexpr char kBase[] = "https://api.example.com/v1";

egress::HttpResponse Page(const json& body, egress::Headers headers = {}) {
  return {.status = 200, .headers = std::move(headers), .body = body.dump()};
}

struct Walked {
  std::vector<std::string> urls;  // asked for, behind kBase
  json items = json::array();
  bool truncated = false;
  absl::Status status;
};

// Walks a list whose pages are `answers`, by the connector's config.
Walked Walk(const char* config, std::vector<egress::HttpResponse> answers, PageLimits limits = {},
            ApiRequest request = {.resource_path = "list"}) {
  const Target target = Target::Create(kBase, {"files.example.com"}).value();
  PageWalk walk(ParsePagination(json::parse(config)).value(), target, target.Build(request).value(),
                limits);
  Walked walked;
  while (walk.next()) {
    walked.urls.push_back(walk.next()->url.substr(std::string(kBase).size()));
    REQUIRE(walked.urls.size() <= answers.size());
    const auto items = walk.Take(answers[walked.urls.size() - 1]);
    walked.status = items.status();
    if (!items.ok()) return walked;
    for (const json& item : *items) walked.items.push_back(item);
  }
  walked.truncated = walk.truncated();
  return walked;
}

using Urls = std::vector<std::string>;

TEST_CASE("by number of page, until one is empty") {
  const Walked walked = Walk(
      R"({"style": "PAGE", "page_parameter": "p", "size_parameter": "n", "page_size": 2,
          "items_path": "data"})",
      {Page({{"data", {1, 2}}}), Page({{"data", {3}}}), Page({{"data", json::array()}})});
  CHECK(walked.urls == Urls{"/list?n=2&p=1", "/list?n=2&p=2", "/list?n=2&p=3"});
  CHECK(walked.items == json{1, 2, 3});
}

TEST_CASE("by number of page, until the service says so; some count from zero") {
  const Walked walked = Walk(
      R"({"style": "STYLE_PAGE", "position_parameter": "page", "has_more_path": "more",
          "items_path": "data"})",
      {Page({{"data", {1}}, {"more", true}}), Page({{"data", {2}}, {"more", false}})});
  CHECK(walked.urls == Urls{"/list?page=0", "/list?page=1"});
  CHECK(walked.items == json{1, 2});
}

TEST_CASE("by offset, by as many as came and not as were asked for") {
  const Walked walked = Walk(
      R"({"style": "OFFSET", "offset_parameter": "o", "limit_parameter": "l", "page_size": 50})",
      {Page({1, 2, 3}), Page({4}), Page(json::array())});
  CHECK(walked.urls == Urls{"/list?l=50&o=0", "/list?l=50&o=3", "/list?l=50&o=4"});
  CHECK(walked.items == json{1, 2, 3, 4});
}

TEST_CASE("by cursor, until there is none in any way of saying so") {
  for (const json& end : {json(), json(false), json("")}) {
    const Walked walked = Walk(
        R"({"style": "CURSOR", "cursor_parameter": "after", "cursor_path": "meta.next",
            "items_path": "data"})",
        {Page({{"data", {1}}, {"meta", {{"next", "a&b=c d"}}}}),
         Page({{"data", {2}}, {"meta", {{"next", 7}}}}),
         Page({{"data", {3}}, {"meta", {{"next", end}}}})});
    CHECK(walked.urls == Urls{"/list", "/list?after=a%26b%3Dc%20d", "/list?after=7"});
    CHECK(walked.items == json{1, 2, 3});
  }
  CHECK(Walk(
            R"({"style": "CURSOR", "cursor_parameter": "after", "cursor_path": "next",
              "items_path": "data"})",
            {Page({{"data", {1}}})})
            .urls.size() == 1);
}

TEST_CASE("the cursor may be in the last item") {
  const Walked walked = Walk(
      R"({"style": "CURSOR", "position_parameter": "starting_after", "next_from_last_item": "id",
          "has_more_path": "has_more", "items_path": "data"})",
      {Page({{"data", {{{"id", "a"}}, {{"id", "b"}}}}, {"has_more", true}}),
       Page({{"data", {{{"id", "c"}}}}, {"has_more", false}})});
  CHECK(walked.urls == Urls{"/list", "/list?starting_after=b"});
  CHECK(walked.items.size() == 3);
}

TEST_CASE("by Link header, absolute or relative") {
  const Walked walked =
      Walk(R"({"style": "LINK"})",
           {Page({1}, {{"link",
                        "<https://api.example.com/v1/list?page=2>; rel=\"next\", "
                        "<https://api.example.com/v1/list?page=9>; rel=\"last\""}}),
            Page({2}, {{"link", "</v1/other?page=3>; rel=next"}}),
            Page({3}, {{"link", "<x>; rel=prev"}})});
  CHECK(walked.urls == Urls{"/list", "/list?page=2", "/other?page=3"});
  CHECK(walked.items == json{1, 2, 3});
}

TEST_CASE("by a URL in the answer") {
  const Walked walked = Walk(
      R"({"style": "BODY_LINK", "next_link_path": "pagination.next_page",
          "items_path": "collection"})",
      {Page({{"collection", {1}},
             {"pagination", {{"next_page", "https://api.example.com/v1/list?token=x"}}}}),
       Page({{"collection", {2}}, {"pagination", {{"next_page", nullptr}}}})});
  CHECK(walked.urls == Urls{"/list", "/list?token=x"});
  CHECK(walked.items == json{1, 2});
}

TEST_CASE("a next page on another host, scheme or port is refused") {
  for (const char* next :
       {"https://evil.example/list", "//evil.example/list", "https://files.example.com/",
        "http://api.example.com/v1/list", "https://api.example.com:8443/",
        "https://u:p@api.example.com/", "file:///etc/passwd", "https://169.254.169.254/"}) {
    INFO(next);
    const Walked body =
        Walk(R"({"style": "BODY_LINK", "next_link_path": "next", "items_path": "data"})",
             {Page({{"data", {1}}, {"next", next}})});
    CHECK(absl::IsUnavailable(body.status));
    CHECK(ReasonOf(body.status) == "UPSTREAM_FAILED");
    const Walked header = Walk(R"({"style": "LINK"})",
                               {Page({1}, {{"link", "<" + std::string(next) + ">; rel=next"}})});
    CHECK(absl::IsUnavailable(header.status));
  }
}

TEST_CASE("a list that gives the same next page again is no list") {
  const egress::HttpResponse page = Page({{"data", {1}}, {"next", "x"}});
  const Walked walked = Walk(
      R"({"style": "CURSOR", "cursor_parameter": "c", "cursor_path": "next",
          "items_path": "data"})",
      {page, page, page});
  CHECK(absl::IsUnavailable(walked.status));
  CHECK(walked.urls.size() == 2);
}

TEST_CASE("pages and items have a limit, and one is told") {
  const char* config = R"({"style": "PAGE", "page_parameter": "p"})";
  const std::vector<egress::HttpResponse> pages(9, Page({1, 2}));
  const Walked by_pages = Walk(config, pages, {.pages = 3});
  CHECK(by_pages.items.size() == 6);
  CHECK(by_pages.truncated);
  const Walked by_items = Walk(config, pages, {.items = 3});
  CHECK(by_items.items == json{1, 2, 1});
  CHECK(by_items.truncated);
  const Walked by_bytes = Walk(config, pages, {.bytes = 6});  // "[1,2]" is five
  CHECK(by_bytes.items.size() == 4);
  CHECK(by_bytes.truncated);
  const Walked whole = Walk(config, {Page({1}), Page(json::array())}, {.pages = 3, .items = 3});
  CHECK_FALSE(whole.truncated);
}

TEST_CASE("what the caller asked for in the query stays") {
  const Walked walked =
      Walk(R"({"style": "PAGE", "page_parameter": "p", "size_parameter": "n", "page_size": 100})",
           {Page({1}), Page(json::array())}, {},
           {.resource_path = "list", .query = {{"p", "5"}, {"q", "a b"}, {"n", "7"}}});
  CHECK(walked.urls == Urls{"/list?p=5&q=a%20b&n=7", "/list?q=a%20b&n=7&p=6"});
}

TEST_CASE("answers that are no pages") {
  const char* config = R"({"style": "PAGE", "page_parameter": "p", "items_path": "data"})";
  CHECK(absl::IsUnavailable(Walk(config, {{.status = 200, .body = "<html>"}}).status));
  CHECK(absl::IsUnavailable(Walk(config, {Page({{"data", 7}})}).status));
  // Deeper than any stack.
  const std::string deep(4 << 20, '[');
  CHECK(absl::IsUnavailable(Walk(config, {{.status = 200, .body = deep}}).status));
  CHECK(absl::IsUnavailable(
      Walk(config, {{.status = 200, .body = deep + std::string(deep.size(), ']')}}).status));
  const Walked failed = Walk(config, {{.status = 404, .body = "{}"}});
  CHECK(failed.status.ok());
  CHECK(failed.items.empty());
  CHECK(Walk(config, {{.status = 204}}).items.empty());
}

TEST_CASE("a list without pages is read once, an object is one item") {
  CHECK(Walk(R"({"style": "NONE"})", {Page({1, 2})}).items == json{1, 2});
  CHECK(Walk("null", {Page({{"a", 1}})}).items == json::array({{{"a", 1}}}));
}

TEST_CASE("a link that held a credential goes on without what was blotted out") {
  const Walked walked = Walk(
      R"({"style": "LINK"})",
      {Page({1},
            {{"link", "<https://api.example.com/v1/list?key=[redacted]&page=2>; rel=\"next\""}}),
       Page({2})});
  CHECK(walked.urls == Urls{"/list", "/list?page=2"});
}

TEST_CASE("configs that make no sense are refused by field") {
  const auto field = [](const char* text) {
    return ViolationsOf(ParsePagination(json::parse(text)).status()).at(0).field;
  };
  CHECK(field("[]") == "pagination");
  CHECK(field("{}") == "style");
  CHECK(field(R"({"style": "page"})") == "style");
  CHECK(field(R"({"style": "PAGE"})") == "position_parameter");
  CHECK(field(R"({"style": "CURSOR", "cursor_parameter": "c"})") == "next_path");
  CHECK(field(R"({"style": "BODY_LINK"})") == "next_path");
  CHECK(field(R"({"style": "LINK", "page_size": -1})") == "page_size");
  CHECK(field(R"({"style": "LINK", "page_size": 10})") == "size_parameter");
  CHECK(field(R"({"style": "LINK", "items_path": "a b("})") == "items_path");
  CHECK(field(R"({"style": "PAGE", "page_parameter": 7})") == "position_parameter");
  CHECK(field(R"({"style": "PAGE", "page_parameter": "p", "first_page": 2})") == "first_page");
}

TEST_CASE("Link headers are read as RFC 8288 has them") {
  struct Case {
    const char* value;
    const char* next;
  };
  for (const Case& c : {Case{"<a>; rel=next", "a"},
                        {"<a>; rel=\"next\"", "a"},
                        {"<a>; REL=\"NEXT\"", "a"},
                        {"<a>;rel=\"prev next\"", "a"},
                        {"<a>; rel=prev, <b>; title=\"x, y; rel=next\"; rel=next", "b"},
                        {"<a,b;c>; rel=next", "a,b;c"},
                        {" , <a>; rel = \"next\" ; type=x", "a"},
                        {"<a>; flag; rel=next", "a"},
                        {"<a>; title=\"q\\\"q\"; rel=next", "a"},
                        {"<a>; rel=prev; rel=next", "(none)"},
                        {"<a>", "(none)"},
                        {"", "(none)"},
                        {"a; rel=next", "(none)"},
                        {"<a; rel=next", "(none)"},
                        {"<a>; rel=\"next", "a"},
                        {"<a>; rel=nextish", "(none)"},
                        {"<>; rel=next", ""}}) {
    INFO(c.value);
    CHECK(FindLink({.status = 200, .headers = {{"link", c.value}}}, "next").value_or("(none)") ==
          c.next);
  }
  CHECK(FindLink({.status = 200,
                  .headers = {{"link", "<a>; rel=prev"}, {"x", "y"}, {"link", "<b>; rel=next"}}},
                 "next") == "b");
}

TEST_CASE("one parameter of a query is set and the rest stays as it was written") {
  CHECK(WithParameter("https://a/b", "p", "1") == "https://a/b?p=1");
  CHECK(WithParameter("https://a/b?x=%41&p=2&y&p=3", "p", "a b") == "https://a/b?x=%41&y&p=a%20b");
  CHECK(FindParameter("https://a/b?x=1&%70=a+b%2B", "p") == "a b+");
  CHECK_FALSE(FindParameter("https://a/b", "p"));
}

}  // namespace
}  // namespace penstock::connector
