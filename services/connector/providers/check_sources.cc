#include "services/connector/providers/check_sources.h"

#include "libs/egress/url.h"
#include "services/connector/providers/day.h"

namespace penstock::connector {
namespace {

void CheckPage(const std::string& page, std::string_view field, Problems& problems) {
  const absl::StatusOr<egress::Url> url = egress::Url::Parse(page);
  if (!url.ok() || url->scheme() != "https" || page.size() > 500) {
    AddProblem(problems, field, "must be the https URL of a page");
  }
}

void CheckVerifiedOn(const v1::Provider& provider, std::optional<absl::CivilDay> today,
                     Problems& problems) {
  const std::optional<absl::CivilDay> day = ParseDay(provider.verified_on());
  if (!day) {
    AddProblem(problems, "verified_on",
               "must be the day, YYYY-MM-DD, on which this was compared with the sources");
  } else if (today && *day > *today) {
    AddProblem(problems, "verified_on", "must not be in the future");
  } else if (today && *today - *day > kMaxVerifiedDays) {
    AddProblem(problems, "verified_on",
               fmt::format("is more than {} days ago: compare the row with its sources again",
                           kMaxVerifiedDays));
  }
}

}  // namespace

void CheckSources(const v1::Provider& provider, std::optional<absl::CivilDay> today,
                  Problems& problems) {
  if (provider.sources().empty() || provider.sources_size() > 20) {
    AddProblem(problems, "sources", "must be 1 to 20 pages of the vendor's documentation");
  }
  for (int i = 0; i < provider.sources_size(); ++i) {
    CheckPage(provider.sources(i), Element("sources", i), problems);
  }
  CheckPage(provider.documentation_url(), "documentation_url", problems);
  CheckVerifiedOn(provider, today, problems);
  if (provider.deprecates_on().empty()) return;
  const std::optional<absl::CivilDay> end = ParseDay(provider.deprecates_on());
  if (!end) {
    AddProblem(problems, "deprecates_on", "must be a day, YYYY-MM-DD");
  } else if (today && *end <= *today) {
    AddProblem(problems, "deprecates_on",
               "has come: bring the row to what the vendor has now, or take it out");
  }
}

}  // namespace penstock::connector
