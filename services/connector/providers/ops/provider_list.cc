#include "services/connector/providers/ops/provider_list.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"

namespace penstock::connector {

using v1::Provider;

std::string DescribeList(const ProviderFilter& filter) {
  return fmt::format("providers|{}|{}|{}", filter.category, filter.auth_type,
                     static_cast<int>(filter.origin));
}

bool Matches(const Provider& provider, const ProviderFilter& filter) {
  const bool in_category =
      filter.category.empty() ||
      std::ranges::find(provider.categories(), filter.category) != provider.categories().end();
  const bool has_type = filter.auth_type.empty() ||
                        std::ranges::find(provider.auth(), filter.auth_type,
                                          &Provider::AuthMethod::type) != provider.auth().end();
  const bool has_origin =
      filter.origin == Provider::ORIGIN_UNSPECIFIED || filter.origin == provider.origin();
  return in_category && has_type && has_origin;
}

paging::Page<Provider> PageOf(const Catalogue& catalogue, OwnProviders own,
                              const ProviderFilter& filter, const std::string& after, int limit) {
  paging::Page<Provider> page;
  int64_t total = own.total;
  page.items = std::move(own.after);
  for (const Provider* provider : catalogue.List()) {
    if (!Matches(*provider, filter)) continue;
    ++total;
    if (provider->id() > after) page.items.push_back(*provider);
  }
  std::ranges::sort(page.items, {}, &Provider::id);
  page.total_size = static_cast<int>(total);
  if (page.items.size() > static_cast<size_t>(limit)) {
    page.items.resize(limit);
    page.next_page_token = paging::MakePageToken(page.items.back().id(), DescribeList(filter));
  }
  return page;
}

}  // namespace penstock::connector
