#include "services/connector/rpc/convert_provider.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

using google::protobuf::FieldDescriptor;
using v1::Provider;

constexpr std::string_view kKept[] = {"id", "origin", "create_time", "update_time"};

// Every field of Provider that a caller may change.
const std::vector<std::string_view>& Changeable() {
  static const std::vector<std::string_view>& names = *[] {
    auto* all = new std::vector<std::string_view>;
    for (int i = 0; i < Provider::descriptor()->field_count(); ++i) {
      const std::string_view name = Provider::descriptor()->field(i)->name();
      if (std::ranges::find(kKept, name) == std::end(kKept)) all->push_back(name);
    }
    return all;
  }();
  return names;
}

FieldNames FieldsThatAreSet(const Provider& provider) {
  std::vector<const FieldDescriptor*> set;
  provider.GetReflection()->ListFields(provider, &set);
  FieldNames names;
  for (const FieldDescriptor* field : set) {
    if (std::ranges::find(kKept, std::string_view(field->name())) == std::end(kKept)) {
      names.insert(field->name());
    }
  }
  return names;
}

}  // namespace

absl::StatusOr<ProviderFilter> FromProto(const v1::ListProvidersRequest& request) {
  if (!Provider::Origin_IsValid(request.origin())) {
    return InvalidField("origin", "is no known origin");
  }
  if (request.category().size() > 100) return InvalidField("category", "is too long");
  if (request.auth_type().size() > 100) return InvalidField("auth_type", "is too long");
  return ProviderFilter{request.category(), request.auth_type(), request.origin()};
}

absl::StatusOr<ProviderChange> FromProto(const v1::UpdateProviderRequest& request) {
  ASSIGN_OR_RETURN(FieldNames fields, FieldsToChange(request.update_mask(), Changeable(),
                                                     FieldsThatAreSet(request.provider())));
  return ProviderChange{request.provider(), std::move(fields)};
}

v1::ListProvidersResponse ToProto(paging::Page<Provider> page) {
  v1::ListProvidersResponse proto;
  for (Provider& provider : page.items) proto.add_providers()->Swap(&provider);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::connector
