#include "services/workflow_engine/domain/workflow_status.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <tuple>

namespace penstock::workflow_engine {
namespace {

using enum WorkflowStatus;
using enum WorkflowAction;

constexpr WorkflowStatus kStatuses[] = {kDraft, kActive, kPaused, kArchived};
constexpr WorkflowAction kActions[] = {kPublish, kPause, kResume, kArchive, kUnarchive};

// "" = refused. Written out a second time on purpose: a slip in the table must not pass.
std::string Expected(WorkflowAction action, WorkflowStatus from, bool published) {
  switch (action) {
    case kPublish:
      return from == kArchived ? "" : "active";
    case kPause:
      return from == kActive || from == kPaused ? "paused" : "";
    case kResume:
      return from == kActive || from == kPaused ? "active" : "";
    case kArchive:
      return "archived";
    case kUnarchive:
      if (from == kArchived) return published ? "paused" : "draft";
      return from == kActive ? "" : std::string(StatusName(from));
  }
  return "";
}

TEST_CASE("every action on every status ends where it should or is refused") {
  for (const WorkflowAction action : kActions) {
    for (const WorkflowStatus from : kStatuses) {
      for (const bool published : {false, true}) {
        INFO(ActionName(action) << " of " << StatusName(from) << ", published: " << published);
        const std::optional<WorkflowStatus> to = Apply(action, from, published);
        CHECK(std::string(to ? StatusName(*to) : "") == Expected(action, from, published));
      }
    }
  }
}

TEST_CASE("an action repeated where it led to changes nothing more") {
  for (const WorkflowAction action : kActions) {
    for (const WorkflowStatus from : kStatuses) {
      for (const bool published : {false, true}) {
        const std::optional<WorkflowStatus> once = Apply(action, from, published);
        if (once) CHECK(Apply(action, *once, published) == once);
      }
    }
  }
}

TEST_CASE(
    "a workflow never published is never brought to a status that needs a version, but by "
    "publishing") {
  for (const WorkflowAction action : {kArchive, kUnarchive}) {
    for (const WorkflowStatus from : {kDraft, kArchived}) {
      const std::optional<WorkflowStatus> to = Apply(action, from, /*published=*/false);
      REQUIRE(to);
      CHECK((*to == kDraft || *to == kArchived));
    }
  }
}

TEST_CASE("names of statuses are read back, and others are not") {
  for (const WorkflowStatus status : kStatuses)
    CHECK(ParseWorkflowStatus(StatusName(status)) == status);
  CHECK_FALSE(ParseWorkflowStatus("Active"));
  CHECK_FALSE(ParseWorkflowStatus(""));
}

}  // namespace
}  // namespace penstock::workflow_engine
