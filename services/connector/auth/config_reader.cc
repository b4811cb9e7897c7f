#include "services/connector/auth/config_reader.h"

#include "fmt/format.h"

namespace penstock::connector {
namespace {

using Json = nlohmann::json;

const Json& Nothing() {
  static const Json& nothing = *new Json(Json::object());
  return nothing;
}

}  // namespace

ConfigReader::ConfigReader(const Json& object, std::vector<FieldViolation>& wrong, std::string at)
    : object_(&object), wrong_(&wrong), at_(std::move(at)) {
  if (object.is_object()) return;
  wrong.push_back({at_, "must be an object"});
  object_ = &Nothing();
}

const Json* ConfigReader::Find(std::string_view name) const {
  const auto found = object_->find(std::string(name));
  return found == object_->end() ? nullptr : &*found;
}

std::string ConfigReader::FieldOf(std::string_view name) const {
  return at_.empty() ? std::string(name) : fmt::format("{}.{}", at_, name);
}

void ConfigReader::Refuse(std::string_view name, std::string description) const {
  wrong_->push_back({FieldOf(name), std::move(description)});
}

std::string ConfigReader::Text(std::string_view name, std::string_view fallback) const {
  const Json* value = Find(name);
  if (value == nullptr) return std::string(fallback);
  if (value->is_string()) return value->get<std::string>();
  Refuse(name, "must be a text");
  return std::string(fallback);
}

int64_t ConfigReader::Integer(std::string_view name, int64_t fallback) const {
  const Json* value = Find(name);
  if (value == nullptr) return fallback;
  if (value->is_number_integer()) return value->get<int64_t>();
  // What came as a google.protobuf.Struct has all its numbers as doubles.
  if (value->is_number_float()) {
    const double number = value->get<double>();
    if (number > -1e15 && number < 1e15 && number == static_cast<double>(int64_t(number))) {
      return static_cast<int64_t>(number);
    }
  }
  Refuse(name, "must be a whole number");
  return fallback;
}

bool ConfigReader::Flag(std::string_view name, bool fallback) const {
  const Json* value = Find(name);
  if (value == nullptr) return fallback;
  if (value->is_boolean()) return value->get<bool>();
  Refuse(name, "must be true or false");
  return fallback;
}

std::map<std::string, std::string> ConfigReader::Texts(std::string_view name) const {
  std::map<std::string, std::string> texts;
  const ConfigReader values = Object(name);
  for (const auto& [key, value] : values.object().items()) texts[key] = values.Text(key);
  return texts;
}

std::vector<std::string> ConfigReader::List(std::string_view name) const {
  std::vector<std::string> texts;
  const Json* values = Find(name);
  if (values == nullptr) return texts;
  if (!values->is_array()) Refuse(name, "must be a list");
  for (size_t i = 0; values->is_array() && i < values->size(); ++i) {
    const Json& value = (*values)[i];
    if (value.is_string()) {
      texts.push_back(value.get<std::string>());
    } else {
      Refuse(fmt::format("{}[{}]", name, i), "must be a text");
    }
  }
  return texts;
}

ConfigReader ConfigReader::Object(std::string_view name) const {
  const Json* value = Find(name);
  return ConfigReader(value == nullptr ? Nothing() : *value, *wrong_, FieldOf(name));
}

std::vector<ConfigReader> ConfigReader::Objects(std::string_view name) const {
  std::vector<ConfigReader> objects;
  const Json* values = Find(name);
  if (values == nullptr) return objects;
  if (!values->is_array()) Refuse(name, "must be a list");
  for (size_t i = 0; values->is_array() && i < values->size(); ++i) {
    objects.emplace_back((*values)[i], *wrong_, fmt::format("{}[{}]", FieldOf(name), i));
  }
  return objects;
}

}  // namespace penstock::connector
