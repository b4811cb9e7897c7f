// A tenant with three projects, two of which have a service with an interface, and a stranger:
// for tests of what leads from one project to another.
#pragma once

#include <memory>
#include <string>

#include "libs/postgres/pool.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"
#include "services/connector/domain/project_connector.h"

namespace penstock::connector::testing {

class LinkedProjects {
 public:
  // From a project to an interface.
  struct Chain {
    ProjectId source, target;
    WorkflowId service;
    InterfaceId interface;
  };

  LinkedProjects();

  void Run(const std::string& sql);
  // The constraint that refuses it.
  std::string Refusal(const std::string& sql);
  int64_t CountRows(const std::string& from);

  penstock::testing::TestDatabase database;
  const penstock::testing::TestTenant tenant, stranger;
  std::unique_ptr<postgres::Pool> pool;
  ProjectId shop, billing, third;
  Chain shop_to_billing, billing_to_shop;

 private:
  ProjectId AddProject(const std::string& name);
  // An interface of a new service of the target.
  Chain AddChain(ProjectId source, ProjectId target);
};

}  // namespace penstock::connector::testing
