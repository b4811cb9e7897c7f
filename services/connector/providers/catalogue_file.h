// A row of the catalogue as compiled into the binary from catalogue/*.json.
#pragma once

#include <string_view>
#include <vector>

namespace penstock::connector {

struct CatalogueFile {
  std::string_view name;  // "github.json"
  std::string_view json;
};

const std::vector<CatalogueFile>& EmbeddedCatalogueFiles();

}  // namespace penstock::connector
