// The state of checking one value: what it may still cost, what was found. Internal to the library.
#pragma once

#include <string_view>
#include <vector>

#include "libs/json_schema/node.h"
#include "libs/json_schema/violation.h"

namespace penstock::json_schema {

class Evaluation {
 public:
  explicit Evaluation(const Limits& limits) : limits_(limits), steps_left_(limits.max_steps) {}

  // False when there is no more to spend: nothing that is said from then on counts.
  bool Spend(size_t steps);
  // Around every node, for the depth of the stack.
  bool Enter();
  void Leave() { --depth_; }
  bool stopped() const { return stopped_; }

  // While one lives, only whether something fits is asked.
  class Quiet {
   public:
    explicit Quiet(Evaluation& run) : run_(run) { ++run_.quiet_; }
    ~Quiet() { --run_.quiet_; }
    Quiet(const Quiet&) = delete;

   private:
    Evaluation& run_;
  };
  bool quiet() const { return quiet_ > 0; }

  // Reports that `keyword` of `node` is not met. False, for whoever returns it.
  bool Fail(const Instance& at, const Node& node, std::string_view keyword,
            std::string_view message);
  // The same about a member of `at`, which may be missing.
  bool FailMember(const Instance& at, std::string_view member, const Node& node,
                  std::string_view keyword, std::string_view message);

  std::vector<Violation> TakeViolations();

 private:
  bool Stop(std::string_view why);

  const Limits& limits_;
  size_t steps_left_;
  int depth_ = 0;
  int quiet_ = 0;
  bool stopped_ = false;
  std::vector<Violation> violations_;
};

}  // namespace penstock::json_schema
