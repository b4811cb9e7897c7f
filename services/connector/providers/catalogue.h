// The providers that come with the release. Immutable; made once at start and passed by reference.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/catalogue_file.h"

namespace penstock::connector {

class Catalogue {
 public:
  // INVALID_ARGUMENT with everything that is wrong, as "<file>: <field>: ...": a file that is no
  // provider or breaks a rule of check_provider.h, or is not named for its id.
  static absl::StatusOr<Catalogue> Create(const std::vector<CatalogueFile>& files);
  // Of the files compiled in.
  static absl::StatusOr<Catalogue> CreateEmbedded() { return Create(EmbeddedCatalogueFiles()); }

  // Null when there is none.
  const connector::v1::Provider* Find(std::string_view id) const;
  // By id.
  std::vector<const connector::v1::Provider*> List() const;
  const std::set<std::string, std::less<>>& ids() const { return ids_; }

 private:
  std::map<std::string, connector::v1::Provider, std::less<>> providers_;
  std::set<std::string, std::less<>> ids_;
};

}  // namespace penstock::connector
