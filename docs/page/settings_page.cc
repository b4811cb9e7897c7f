#include "docs/page/settings_page.h"

#include "libs/config/command_line.h"
#include "services/connector/config.h"
#include "services/interfaces/config.h"
#include "services/scheduler/config.h"
#include "services/workflow_engine/config.h"

namespace penstock::docs {

std::string SettingsPage() {
  return R"(# Settings

Each program reads its settings from the environment when it starts, and refuses to start with any that is missing, wrong, or named `PENSTOCK_*` and
not listed here; it names all of them at once. A name set to the empty text counts as not set. `penstock-migrate --help` has its own.

Made by `bazel run //docs:write_settings_page > docs/settings.md` from the programs' declarations.

)" + config::MarkdownSection(connector::DescribeProgram()) +
         "\n" + config::MarkdownSection(workflow_engine::DescribeProgram()) +
         "\n" + config::MarkdownSection(interfaces::DescribeProgram()) +
         "\n" + config::MarkdownSection(scheduler::DescribeProgram());
}

}  // namespace penstock::docs
