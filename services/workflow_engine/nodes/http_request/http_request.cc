#include "services/workflow_engine/nodes/http_request/http_request.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/http_request/outcome.h"
#include "services/workflow_engine/nodes/http_request/request.h"
#include "services/workflow_engine/nodes/http_request/schema.h"
#include "services/workflow_engine/nodes/templating.h"

namespace penstock::workflow_engine {
namespace {

class HttpRequestProgram final : public NodeProgram {
 public:
  HttpRequestProgram(RequestTemplate request, std::vector<int> expected_statuses)
      : request_(std::move(request)), expected_statuses_(std::move(expected_statuses)) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<PerformHttp> request = request_.Render(context);
    return request.ok() ? Step(*std::move(request)) : Step(RenderingFailed(request.status()));
  }

  Step Resume(const NodeContext& context, const StepResult& result) const override {
    if (const auto* failure = std::get_if<HttpFailure>(&result)) {
      return Fail{HttpFailureError(*failure, request_.repeatable())};
    }
    const auto* response = std::get_if<HttpResponse>(&result);
    if (response == nullptr) return UnexpectedResult();
    if (IsExpected(response->status)) return Complete{HttpOutput(*response), "", std::nullopt};
    return Fail{HttpStatusError(*response, Shown(context), request_.repeatable(), context.now())};
  }

 private:
  bool IsExpected(int status) const {
    if (expected_statuses_.empty()) return status >= 200 && status < 300;
    return std::ranges::find(expected_statuses_, status) != expected_statuses_.end();
  }

  // For messages. The request was rendered once already, so it renders again.
  std::string Shown(const NodeContext& context) const {
    const absl::StatusOr<PerformHttp> request = request_.Render(context);
    return fmt::format("{} {}", request_.method(), request.ok() ? ShownUrl(request->url) : "");
  }

  RequestTemplate request_;
  std::vector<int> expected_statuses_;
};

class HttpRequestType final : public DescribedType {
 public:
  HttpRequestType()
      : DescribedType("http_request", "Makes one HTTP call and passes on the answer.",
                      http_request::kConfigSchema) {}

  RetryPolicy default_retry() const override {
    RetryPolicy policy;
    policy.maximum_attempts = 3;
    return policy;
  }

  Json templates(const NodeDefinition& node) const override { return Members(node, {"url", "headers", "query", "body"}); }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    return std::make_unique<HttpRequestProgram>(
        RequestTemplate::Parse(node.config, problems),
        node.config.value("expected_statuses", std::vector<int>()));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeHttpRequestType() { return std::make_unique<HttpRequestType>(); }

}  // namespace penstock::workflow_engine
