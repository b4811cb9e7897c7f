#include <cstdio>

#include "docs/page/roles_page.h"

int main() { std::fputs(penstock::docs::RolesPage().c_str(), stdout); }
