#include "services/connector/providers/ops/provider_list.h"

#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "services/connector/providers/provider_json.h"
#include "services/connector/providers/testing/sample_provider.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using v1::Provider;

Provider Named(const std::string& id, const std::string& category = "erp") {
  Provider provider = testing::SampleProvider();
  provider.set_id(id);
  provider.set_categories(0, category);
  return provider;
}

Catalogue CatalogueOf(const std::vector<Provider>& providers) {
  std::vector<std::string> names, texts;
  for (const Provider& provider : providers) {
    names.push_back(provider.id() + ".json");
    texts.push_back(Check(ProviderToJson(provider), "JSON"));
  }
  std::vector<CatalogueFile> files;
  for (size_t i = 0; i < names.size(); ++i) files.push_back({names[i], texts[i]});
  return Check(Catalogue::Create(files), "catalogue");
}

std::vector<std::string> Ids(const paging::Page<Provider>& page) {
  std::vector<std::string> ids;
  for (const Provider& provider : page.items) ids.push_back(provider.id());
  return ids;
}

TEST_CASE("providers of the release and of the tenant are one list by id") {
  const Catalogue catalogue = CatalogueOf({Named("bb"), Named("dd"), Named("ff")});
  const auto page = PageOf(catalogue, {{Named("aa"), Named("cc")}, 2}, {}, "", 10);
  CHECK(Ids(page) == std::vector<std::string>{"aa", "bb", "cc", "dd", "ff"});
  CHECK(page.total_size == 5);
  CHECK(page.next_page_token.empty());
}

TEST_CASE("pages follow each other without a gap or a repetition") {
  const Catalogue catalogue = CatalogueOf({Named("bb"), Named("dd"), Named("ff")});
  const std::vector<Provider> own = {Named("aa"), Named("cc"), Named("ee")};
  std::vector<std::string> seen;
  std::string after;
  for (int pages = 0; pages < 4; ++pages) {
    OwnProviders mine{{}, 3};
    for (const Provider& provider : own) {
      if (provider.id() > after && mine.after.size() < 3) mine.after.push_back(provider);
    }
    const auto page = PageOf(catalogue, mine, {}, after, 2);
    for (const std::string& id : Ids(page)) seen.push_back(id);
    if (page.next_page_token.empty()) break;
    after = Check(paging::ReadPageToken(page.next_page_token, DescribeList({})), "token");
  }
  CHECK(seen == std::vector<std::string>{"aa", "bb", "cc", "dd", "ee", "ff"});
}

TEST_CASE("a filter narrows list and total, and is part of the page token") {
  const Catalogue catalogue = CatalogueOf({Named("bb", "crm"), Named("dd"), Named("ff", "crm")});
  const ProviderFilter crm{.category = "crm"};
  const auto page = PageOf(catalogue, {}, crm, "", 1);
  CHECK(Ids(page) == std::vector<std::string>{"bb"});
  CHECK(page.total_size == 2);
  CHECK(paging::ReadPageToken(page.next_page_token, DescribeList(crm)).ok());
  CHECK_FALSE(paging::ReadPageToken(page.next_page_token, DescribeList({})).ok());
  CHECK(PageOf(catalogue, {}, {.auth_type = "custom"}, "", 9).total_size == 3);
  CHECK(PageOf(catalogue, {}, {.auth_type = "mtls"}, "", 9).total_size == 0);
  CHECK(PageOf(catalogue, {}, {.origin = Provider::ORIGIN_TENANT}, "", 9).total_size == 0);
  CHECK(PageOf(catalogue, {}, {.origin = Provider::ORIGIN_RELEASE}, "", 9).total_size == 3);
}

}  // namespace
}  // namespace penstock::connector
