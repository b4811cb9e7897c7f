#include "tests/resilience/traffic.h"

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "tests/e2e/people.h"

namespace penstock::resilience {
namespace {

// A refused caller tries its next call this much later, so that an outage is not filled with refusals.
constexpr absl::Duration kBetweenRefusals = absl::Milliseconds(20);

constexpr postgres::Statement kKeys{"keys", "SELECT name, count(*) FROM tenancy.api_keys WHERE name LIKE 'caller-%' GROUP BY name"};
constexpr postgres::Statement kExecutions{
    "executions",
    "SELECT input->'data'->>'name', count(*) FROM workflow.workflow_executions WHERE workflow_id = $1::uuid GROUP BY 1"};

std::map<std::string, int64_t> Counts(const postgres::Result& rows) {
  std::map<std::string, int64_t> counts;
  for (int r = 0; r < rows.rows(); ++r) counts[rows.Get<std::string>(r, 0)] = rows.Get<int64_t>(r, 1);
  return counts;
}

// What says that nothing was done. Everything else leaves it open.
bool IsRefusal(const absl::Status& status) {
  if (ReasonOf(status) == "OUTCOME_UNKNOWN") return false;
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) || absl::IsUnauthenticated(status) || absl::IsAborted(status);
}

}  // namespace

Traffic::Traffic(e2e::Deployment& deployment) : deployment_(deployment) {
  workflow_ = e2e::Publish(deployment.clients(), e2e::Chain({e2e::WebhookTrigger("traffic")}));
  for (const std::string caller : {"caller-a", "caller-b"}) {
    callers_.emplace_back([this, caller] {
      e2e::People people(deployment_.clients());
      Repeat(keys_, caller, [&people](const std::string& name) { return people.CreateKey(name, tenancy::v1::ROLE_VIEWER).status(); });
    });
    callers_.emplace_back([this, caller] {
      Repeat(executions_, caller, [this](const std::string& name) {
        return e2e::Start(deployment_.clients(), workflow_, {{"name", name}}, workflow::v1::WAIT_MODE_NONE).status();
      });
    });
  }
}

void Traffic::Repeat(Service& service, const std::string& caller, std::function<absl::Status(const std::string&)> call) {
  for (int number = 0; !over_.HasBeenNotified(); ++number) {
    const std::string name = fmt::format("{}-{}", caller, number);
    const absl::Status answer = call(name);
    {
      absl::MutexLock lock(&mutex_);
      service.answers[name] = answer;
    }
    if (answer.ok()) {
      ++service.acknowledged;
    } else {
      over_.WaitForNotificationWithTimeout(kBetweenRefusals);
    }
  }
}

bool Traffic::AwaitAcknowledged(int more) {
  const int keys = keys_.acknowledged + more, executions = executions_.acknowledged + more;
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (keys_.acknowledged < keys || executions_.acknowledged < executions) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

void Traffic::End() {
  if (!over_.HasBeenNotified()) over_.Notify();
  for (std::thread& caller : callers_) caller.join();
  callers_.clear();
}

int Traffic::refused() const {
  absl::MutexLock lock(&mutex_);
  int refused = 0;
  for (const Service* service : {&keys_, &executions_}) {
    for (const auto& [name, answer] : service->answers) refused += !answer.ok();
  }
  return refused;
}

std::vector<std::string> Traffic::BrokenPromises(postgres::Connection& database) {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> broken;
  Compare(keys_.answers, Counts(testing::Check(database.Execute(kKeys), "keys")), broken);
  Compare(executions_.answers,
          Counts(testing::Check(database.Execute(kExecutions, std::move(postgres::Params().Add(workflow_))), "executions")), broken);
  return broken;
}

void Traffic::Compare(const Answers& answers, const std::map<std::string, int64_t>& found, std::vector<std::string>& broken) {
  for (const auto& [name, answer] : answers) {
    const auto row = found.find(name);
    const int64_t times = row == found.end() ? 0 : row->second;
    const bool fits = answer.ok() ? times == 1 : times == 0 || (times == 1 && !IsRefusal(answer));
    if (!fits) broken.push_back(fmt::format("{} was answered {} and is there {} times", name, answer.ToString(), times));
  }
}

}  // namespace penstock::resilience
