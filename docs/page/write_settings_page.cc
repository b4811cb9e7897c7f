#include <cstdio>

#include "docs/page/settings_page.h"

int main() { std::fputs(penstock::docs::SettingsPage().c_str(), stdout); }
