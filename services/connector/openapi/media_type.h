// Content types of bodies that can be written and read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/connector/openapi/document.h"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

// "application/json; charset=utf-8", "application/vnd.api+json", and patterns that include JSON.
bool IsJson(std::string_view content_type);

// The format of a request body; none for what can't be written (multipart, XML, files).
std::optional<BodyFormat> FormatOf(std::string_view content_type);

struct MediaType {
  std::string content_type;  // to be sent
  BodyFormat format = BodyFormat::kJson;
  std::string schema_pointer;  // empty = none
};

// Of the types under "content": JSON before forms before text. None when none can be written.
std::optional<MediaType> BestMediaType(const Place& content);

}  // namespace penstock::connector::openapi
