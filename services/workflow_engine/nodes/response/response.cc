#include "services/workflow_engine/nodes/response/response.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/response/schema.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

// What the author wrote, parsed.
struct Answer {
  std::optional<Template> text;   // of a string
  std::optional<JsonTemplate> json;  // of anything else
  std::vector<std::pair<std::string, Template>> headers;
  int status = 200;
  std::string content_type;
};

class ResponseProgram final : public NodeProgram {
 public:
  explicit ResponseProgram(Answer answer) : answer_(std::move(answer)) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<Complete> complete = Render(context);
    return complete.ok() ? Step(*std::move(complete)) : Step(RenderingFailed(complete.status()));
  }

 private:
  absl::StatusOr<Complete> Render(const NodeContext& context) const {
    Complete complete;
    Complete::Response& response = complete.response.emplace();
    response.http_status = answer_.status;
    RETURN_IF_ERROR(RenderBody(context, complete.output, response));
    if (!answer_.content_type.empty()) response.content_type = answer_.content_type;
    ASSIGN_OR_RETURN(response.headers, RenderHeaders(answer_.headers, context));
    return complete;
  }

  // The output is the body as JSON: text as a string.
  absl::Status RenderBody(const NodeContext& context, std::string& output,
                          Complete::Response& response) const {
    if (answer_.json) {
      ASSIGN_OR_RETURN(output, answer_.json->Render(context));
    } else if (answer_.text->is_one_hole()) {
      ASSIGN_OR_RETURN(output, answer_.text->RenderJson(context));
    }
    const bool text = answer_.text && (output.empty() || output[0] == '"');
    if (text) {
      ASSIGN_OR_RETURN(response.body, answer_.text->RenderText(context));
      output = json::Quoted(response.body);
    } else {
      response.body = output;
    }
    response.content_type = text ? kTextContentType : kJsonContentType;
    return absl::OkStatus();
  }

  Answer answer_;
};

class ResponseType final : public DescribedType {
 public:
  ResponseType()
      : DescribedType("response", "Renders the answer that the caller of a workflow gets.",
                      response::kConfigSchema) {}

  NodeRole role() const override { return NodeRole::kResponse; }

  Json templates(const NodeDefinition& node) const override { return Members(node, {"template", "headers"}); }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    const Json& config = node.config;
    Answer answer;
    TemplateReader reader(problems);
    if (config["template"].is_string()) {
      answer.text = reader.Text("config.template", config["template"].get<std::string>());
    } else {
      answer.json = reader.Value("config.template", config["template"]);
    }
    if (config.contains("headers")) answer.headers = reader.Headers("config.headers", config["headers"]);
    answer.status = config.value("status", 200);
    answer.content_type = config.value("content_type", "");
    if (!IsHeaderValue(answer.content_type)) {
      problems.push_back({"", "config.content_type", "must be one line of visible characters"});
    }
    return std::make_unique<ResponseProgram>(std::move(answer));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeResponseType() { return std::make_unique<ResponseType>(); }

}  // namespace penstock::workflow_engine
