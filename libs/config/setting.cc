#include "libs/config/setting.h"

namespace penstock::config {

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kString:
      return "text";
    case Type::kInt:
      return "integer";
    case Type::kDouble:
      return "number";
    case Type::kBool:
      return "true or false";
    case Type::kDuration:
      return "duration";
    case Type::kBytes:
      return "size";
    case Type::kPath:
      return "path";
    case Type::kSecret:
      return "secret";
  }
  return "";
}

Declarations Join(std::initializer_list<Declarations> parts) {
  Declarations joined;
  for (const Declarations& part : parts) joined.insert(joined.end(), part.begin(), part.end());
  return joined;
}

}  // namespace penstock::config
