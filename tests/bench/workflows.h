// The workflows that are measured, in the API's JSON form.
#pragma once

#include <string>

namespace penstock::bench {

// W1: webhook → function → response; the HTTP answer is the completion.
std::string WebhookFunctionResponse();

// W2: `width` function nodes side by side, then a join.
std::string FanOutAndJoin(int width);

// W3: `length` function nodes one after another, each adding to a number.
std::string Sequence(int length);

// W4: one wait. By webhook (acknowledged when durable) or by StartExecution.
std::string Wait(const std::string& duration, const std::string& webhook_action);

}  // namespace penstock::bench
