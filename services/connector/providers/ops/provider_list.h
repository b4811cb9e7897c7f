// Providers of the release and of the tenant as one list, by id.
#pragma once

#include <string>
#include <vector>

#include "libs/paging/paging.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/catalogue.h"

namespace penstock::connector {

struct ProviderFilter {
  std::string category = {};   // empty: any
  std::string auth_type = {};  // empty: any
  connector::v1::Provider::Origin origin = connector::v1::Provider::ORIGIN_UNSPECIFIED;  // any
};

// What a page token is bound to.
std::string DescribeList(const ProviderFilter& filter);

bool Matches(const connector::v1::Provider& provider, const ProviderFilter& filter);

// Of the tenant's own providers, in what was found after the page's place: at most one more than a
// page has, by id, none with an id of the release.
struct OwnProviders {
  std::vector<connector::v1::Provider> after;
  int64_t total = 0;
};

// The page after the id `after` with at most `limit` providers.
paging::Page<connector::v1::Provider> PageOf(const Catalogue& catalogue, OwnProviders own,
                                             const ProviderFilter& filter, const std::string& after,
                                             int limit);

}  // namespace penstock::connector
