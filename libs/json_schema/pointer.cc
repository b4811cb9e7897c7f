#include "libs/json_schema/pointer.h"

#include <charconv>
#include <optional>

namespace penstock::json_schema {
namespace {

std::optional<std::string> UnescapeStep(std::string_view step) {
  std::string name;
  for (size_t i = 0; i < step.size(); ++i) {
    if (step[i] != '~') {
      name += step[i];
      continue;
    }
    if (++i == step.size() || (step[i] != '0' && step[i] != '1')) return std::nullopt;
    name += step[i] == '0' ? '~' : '/';
  }
  return name;
}

// Without leading zeros, as the RFC has it.
std::optional<size_t> Index(std::string_view step) {
  size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc() || end != step.data() + step.size()) return std::nullopt;
  if (step.size() > 1 && step[0] == '0') return std::nullopt;
  return index;
}

const Json* Child(const Json& value, std::string_view step) {
  const std::optional<std::string> name = UnescapeStep(step);
  if (!name) return nullptr;
  if (value.is_object()) {
    const auto member = value.find(*name);
    return member == value.end() ? nullptr : &*member;
  }
  const std::optional<size_t> index = Index(*name);
  return value.is_array() && index && *index < value.size() ? &value[*index] : nullptr;
}

// Takes the first step, and its slash, off `pointer`.
std::string_view TakeStep(std::string_view& pointer) {
  const size_t end = std::min(pointer.find('/', 1), pointer.size());
  const std::string_view step = pointer.substr(1, end - 1);
  pointer.remove_prefix(end);
  return step;
}

}  // namespace

std::string EscapeStep(std::string_view name) {
  std::string step;
  for (const char c : name) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

const Json* Find(const Json& document, std::string_view pointer) {
  const Json* at = &document;
  while (at != nullptr && !pointer.empty()) {
    if (pointer[0] != '/') return nullptr;
    at = Child(*at, TakeStep(pointer));
  }
  return at;
}

std::string FieldPath(std::string_view pointer) {
  std::string path;
  while (!pointer.empty() && pointer[0] == '/') {
    const std::string_view step = TakeStep(pointer);
    const std::string name = UnescapeStep(step).value_or(std::string(step));
    if (Index(name)) {
      path += "[" + name + "]";
    } else {
      path += (path.empty() ? "" : ".") + name;
    }
  }
  return path;
}

}  // namespace penstock::json_schema
