#include "services/connector/providers/check_description.h"

#include "re2/re2.h"

namespace penstock::connector {
namespace {

void CheckText(const std::string& text, std::string_view field, size_t min, size_t max,
               Problems& problems) {
  static const RE2& control = *new RE2(R"([\x00-\x1f\x7f])");
  if (text.size() < min || text.size() > max) {
    AddProblem(problems, field, fmt::format("must have {} to {} bytes", min, max));
  } else if (RE2::PartialMatch(text, control)) {
    AddProblem(problems, field, "must not have control characters or line breaks");
  }
}

}  // namespace

void CheckDescription(const v1::Provider& provider, Problems& problems) {
  static const RE2& id = *new RE2("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  static const RE2& category = *new RE2("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  if (provider.id().size() < 2 || provider.id().size() > 63 || !RE2::FullMatch(provider.id(), id)) {
    AddProblem(problems, "id",
               "must be 2 to 63 lower case letters, digits and single hyphens, first a letter");
  }
  CheckText(provider.display_name(), "display_name", 1, 100, problems);
  CheckText(provider.description(), "description", 1, 500, problems);
  CheckText(provider.notes(), "notes", 0, 2000, problems);
  if (provider.categories().empty() || provider.categories_size() > 10) {
    AddProblem(problems, "categories", "must be 1 to 10");
  }
  for (int i = 0; i < provider.categories_size(); ++i) {
    if (provider.categories(i).size() > 40 || !RE2::FullMatch(provider.categories(i), category)) {
      AddProblem(problems, Element("categories", i), "must look like project-management");
    }
  }
  if (provider.origin() != v1::Provider::ORIGIN_UNSPECIFIED || provider.has_create_time() ||
      provider.has_update_time()) {
    AddProblem(problems, "origin", "and the times are set by the server");
  }
}

}  // namespace penstock::connector
