// An HTTP request as its author wrote it, ready to be rendered for an attempt.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/workflow_engine/nodes/node_type.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {

class RequestTemplate {
 public:
  // Problems are of the node ("config.url").
  static RequestTemplate Parse(const Json& config, std::vector<Problem>& problems);

  absl::StatusOr<PerformHttp> Render(const NodeContext& context) const;

  // Doing it twice is doing it once: by its method, or because the other side can tell by the key.
  bool repeatable() const;
  const std::string& method() const { return method_; }

 private:
  absl::Status AddBody(const NodeContext& context, PerformHttp& request) const;

  std::string method_;
  Template url_;
  HeaderTemplates headers_;
  std::vector<std::pair<std::string, Template>> query_;
  std::optional<Template> text_body_;
  std::optional<JsonTemplate> json_body_;
  absl::Duration timeout_ = absl::Seconds(15);
  size_t max_response_bytes_ = 8 << 20;
  int max_redirects_ = 5;
  bool send_key_ = true;
};

// `url` without what may be secret in it: user, password, query and fragment.
std::string ShownUrl(std::string_view url);

}  // namespace penstock::workflow_engine
