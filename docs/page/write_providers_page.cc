#include <cstdio>

#include "docs/page/providers_page.h"

int main() {
  const auto catalogue = penstock::connector::Catalogue::CreateEmbedded();
  if (!catalogue.ok()) {
    std::fprintf(stderr, "%s\n", catalogue.status().ToString().c_str());
    return 1;
  }
  std::fputs(penstock::docs::ProvidersPage(*catalogue).c_str(), stdout);
}
