// One way in which a value does not match its schema.
#pragma once

#include <string>

namespace penstock::json_schema {

struct Violation {
  // Both are JSON pointers (RFC 6901). That of a missing or unknown member names the member.
  std::string instance_path;
  std::string schema_path;  // to the keyword: "/properties/name/minLength"
  // What the schema asks for. Never holds anything of the value.
  std::string message;
};

}  // namespace penstock::json_schema
