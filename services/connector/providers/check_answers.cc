#include "services/connector/providers/check_answers.h"

#include <string>

#include "re2/re2.h"
#include "services/connector/providers/check_predicate.h"

namespace penstock::connector {
namespace {

using v1::Provider;
using Pagination = Provider::Pagination;

bool IsToken(const std::string& name) {
  static const RE2& form = *new RE2(R"([A-Za-z0-9!#$%&'*+.^_`|~\[\]-]{1,64})");
  return RE2::FullMatch(name, form);
}

void CheckCursor(const Pagination& pagination, Problems& problems) {
  const bool from_answer = !pagination.next_path().empty();
  const bool from_item = !pagination.next_from_last_item().empty();
  if (from_answer == from_item) {
    AddProblem(problems, "pagination.next_path",
               "must say where the next cursor is, or next_from_last_item, but not both");
  }
  if (from_item && pagination.items_path().empty() && pagination.has_more_path().empty()) {
    AddProblem(problems, "pagination.has_more_path",
               "or items_path is needed with next_from_last_item");
  }
}

}  // namespace

void CheckPagination(const Provider& provider, Problems& problems) {
  const Pagination& p = provider.pagination();
  const bool by_position = p.style() == Pagination::STYLE_PAGE ||
                           p.style() == Pagination::STYLE_OFFSET ||
                           p.style() == Pagination::STYLE_CURSOR;
  if (!Pagination::Style_IsValid(p.style()) || p.style() == Pagination::STYLE_UNSPECIFIED) {
    AddProblem(problems, "pagination.style", "must say how lists are read: STYLE_NONE when not");
  }
  if (by_position && !IsToken(p.position_parameter())) {
    AddProblem(problems, "pagination.position_parameter",
               "must name the query parameter of the page, offset or cursor");
  }
  if (p.style() == Pagination::STYLE_CURSOR) CheckCursor(p, problems);
  if (p.style() == Pagination::STYLE_BODY_LINK && p.next_path().empty()) {
    AddProblem(problems, "pagination.next_path", "must say where the next URL is");
  }
  if (p.style() == Pagination::STYLE_OFFSET && p.size() <= 0) {
    AddProblem(problems, "pagination.size", "must say by how much the offset grows");
  }
  if (p.size() < 0 || p.size() > 10'000 || p.first_page() < 0 || p.first_page() > 1) {
    AddProblem(problems, "pagination.size", "must be 0 to 10000, and first_page 0 or 1");
  }
  if (p.size() > 0 && !IsToken(p.size_parameter())) {
    AddProblem(problems, "pagination.size_parameter", "must name the query parameter of size");
  }
  for (const auto& [path, field] : {std::pair{p.next_path(), "pagination.next_path"},
                                    {p.next_from_last_item(), "pagination.next_from_last_item"},
                                    {p.has_more_path(), "pagination.has_more_path"},
                                    {p.items_path(), "pagination.items_path"}}) {
    if (!path.empty()) CheckAnswerPath(path, field, problems);
  }
}

void CheckRateLimit(const Provider& provider, Problems& problems) {
  const Provider::RateLimit& rate = provider.rate_limit();
  if (rate.signals_size() > 10 || rate.retry_after_size() > 10) {
    AddProblem(problems, "rate_limit", "must have at most 10 signals and 10 retry_after");
  }
  for (int i = 0; i < rate.signals_size(); ++i) {
    const Provider::RateLimit::Signal& signal = rate.signals(i);
    const std::string field = Element("rate_limit.signals", i);
    if (signal.status() < 200 || signal.status() > 599) {
      AddProblem(problems, field + ".status", "must be an HTTP status");
    }
    if (signal.header().empty() != signal.header_value().empty() ||
        (!signal.header().empty() && !IsToken(signal.header()))) {
      AddProblem(problems, field + ".header", "must be a header's name, with header_value");
    }
    if (signal.has_body()) CheckPredicate(signal.body(), field + ".body", problems);
  }
  for (int i = 0; i < rate.retry_after_size(); ++i) {
    const Provider::RateLimit::RetryAfter& after = rate.retry_after(i);
    const std::string field = Element("rate_limit.retry_after", i);
    if (!IsToken(after.header())) AddProblem(problems, field + ".header", "must name a header");
    if (!Provider::RateLimit::RetryAfter::Format_IsValid(after.format()) ||
        after.format() == Provider::RateLimit::RetryAfter::FORMAT_UNSPECIFIED) {
      AddProblem(problems, field + ".format", "must say how the time is written");
    }
  }
}

void CheckWebhook(const Provider& provider, Problems& problems) {
  if (!provider.has_webhook()) return;
  const Provider::Webhook& webhook = provider.webhook();
  using Webhook = Provider::Webhook;
  static const RE2& verifier =
      *new RE2("(github|slack|stripe|twilio|standard_webhooks|token|hmac)?");
  static const RE2& template_form =
      *new RE2(R"(([ -z|~]|\{(body|timestamp|id|url|method)\}){0,200})");
  if (!RE2::FullMatch(webhook.verifier(), verifier)) {
    AddProblem(problems, "webhook.verifier", "must be one that the proto's comment names");
  }
  if (!IsToken(webhook.header())) {
    AddProblem(problems, "webhook.header", "must name the header of the signature");
  }
  if (!Webhook::Algorithm_IsValid(webhook.algorithm()) ||
      webhook.algorithm() == Webhook::ALGORITHM_UNSPECIFIED) {
    AddProblem(problems, "webhook.algorithm", "must be set");
  }
  if (webhook.algorithm() != Webhook::ALGORITHM_TOKEN &&
      (!Webhook::Encoding_IsValid(webhook.encoding()) ||
       webhook.encoding() == Webhook::ENCODING_UNSPECIFIED)) {
    AddProblem(problems, "webhook.encoding", "must be set, as there is a signature");
  }
  if (!RE2::FullMatch(webhook.signed_text(), template_form)) {
    AddProblem(problems, "webhook.signed_text",
               "may have {body}, {timestamp}, {id}, {url} and {method}");
  }
  if (webhook.tolerance_seconds() < 0 || webhook.tolerance_seconds() > 86'400) {
    AddProblem(problems, "webhook.tolerance_seconds", "must be 0 to a day");
  }
  if (!Webhook::Challenge_IsValid(webhook.challenge())) {
    AddProblem(problems, "webhook.challenge", "is not known");
  }
}

}  // namespace penstock::connector
