#include "services/connector/openapi/document.h"

#include <utility>

#include "libs/http/percent.h"
#include "libs/json_schema/pointer.h"

namespace penstock::connector::openapi {

std::optional<Place> Place::Member(const std::string& name) const {
  if (!value->is_object()) return std::nullopt;
  const auto member = value->find(name);
  if (member == value->end()) return std::nullopt;
  return Place{&*member, pointer + "/" + json_schema::EscapeStep(name)};
}

Place Place::Item(size_t index) const {
  return {&(*value)[index], pointer + "/" + std::to_string(index)};
}

std::string Place::Text(const char* name) const {
  const std::optional<Place> member = Member(name);
  return member && member->value->is_string() ? member->value->get<std::string>() : "";
}

bool Place::IsSet(const char* name) const {
  const std::optional<Place> member = Member(name);
  return member && *member->value == true;
}

std::optional<std::string> LocalPointer(const Json& reference) {
  if (!reference.is_string()) return std::nullopt;
  const std::string& text = reference.get_ref<const std::string&>();
  if (text.rfind("#/", 0) != 0) return std::nullopt;
  return http::PercentDecode(std::string_view(text).substr(1));
}

std::optional<Place> Follow(const Json& document, Place place, Findings& findings) {
  constexpr int kMaxHops = 16;
  for (int hop = 0; hop < kMaxHops; ++hop) {
    const std::optional<Place> reference = place.Member("$ref");
    if (!reference) return place;
    const std::optional<std::string> pointer = LocalPointer(*reference->value);
    const Json* target = pointer ? json_schema::Find(document, *pointer) : nullptr;
    if (target == nullptr) {
      findings.Problem(reference->pointer, pointer ? "leads to nothing in this document"
                                                   : "must be \"#/...\": a place in this document");
      return std::nullopt;
    }
    place = {target, *pointer};
  }
  findings.Problem(place.pointer, "references lead in a circle");
  return std::nullopt;
}

}  // namespace penstock::connector::openapi
