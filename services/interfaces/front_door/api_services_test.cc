#include "services/interfaces/front_door/api_services.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "libs/auth/role_table.h"
#include "libs/transcoding/binding.h"
#include "libs/transcoding/route_table.h"

namespace penstock::interfaces {
namespace {

std::vector<transcoding::Binding> Bindings() {
  std::vector<transcoding::Binding> all;
  for (const RestDoor::Backend& backend : ApiBackends({})) {
    const auto bindings = transcoding::BindingsOf(*backend.service);
    INFO(bindings.status());
    REQUIRE(bindings.ok());
    all.insert(all.end(), bindings->begin(), bindings->end());
  }
  return all;
}

std::set<std::string> Served() {
  std::set<std::string> rpcs;
  for (const transcoding::Binding& binding : Bindings()) rpcs.insert(binding.rpc());
  return rpcs;
}

// By the table of roles, which knows every RPC of the protos.
std::set<std::string> OfServedPackages(bool for_services) {
  std::set<std::string> rpcs;
  for (const auto& [rpc, access] : auth::PenstockRoles().entries()) {
    const bool is_ours =
        rpc.starts_with("/penstock.connector.v1.") || rpc.starts_with("/penstock.scheduler.v1.");
    if (is_ours && (access == auth::Access::kServiceOnly) == for_services) rpcs.emplace(rpc);
  }
  return rpcs;
}

TEST_CASE("every public RPC of connectors and schedules has a path, and nothing else has") {
  CHECK(Served() == OfServedPackages(false));
}

TEST_CASE("what is for our own services has no path") {
  const std::set<std::string> internal = OfServedPackages(true);
  CHECK(internal.contains("/penstock.connector.v1.GrantService/CompleteAuthorization"));
  const std::set<std::string> served = Served();
  for (const std::string& rpc : internal) {
    INFO(rpc);
    CHECK_FALSE(served.contains(rpc));
  }
}

TEST_CASE("every path is below /api/v1, and no two are ambiguous") {
  for (const transcoding::Binding& binding : Bindings()) {
    INFO(binding.path.text());
    CHECK(binding.path.text().starts_with("/api/v1/"));
  }
  const absl::Status status = transcoding::RouteTable::Create(Bindings()).status();
  INFO(status);
  CHECK(status.ok());
}

}  // namespace
}  // namespace penstock::interfaces
