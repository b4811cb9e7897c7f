#include "services/interfaces/rpc/convert_service_interface.h"

#include <string_view>
#include <utility>

#include "libs/json/proto_json.h"
#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

constexpr std::string_view kChangeable[] = {"display_name", "description", "payload_schema",
                                            "return_schema", "is_public"};

// None for UNSPECIFIED.
absl::StatusOr<std::optional<InterfaceType>> TypeFrom(int type, std::string_view field) {
  switch (type) {
    case v1::INTERFACE_TYPE_UNSPECIFIED:
      return std::optional<InterfaceType>();
    case v1::INTERFACE_TYPE_SIGNAL:
      return std::optional(InterfaceType::kSignal);
    case v1::INTERFACE_TYPE_QUERY:
      return std::optional(InterfaceType::kQuery);
    case v1::INTERFACE_TYPE_UPDATE:
      return std::optional(InterfaceType::kUpdate);
    case v1::INTERFACE_TYPE_START_CHILD:
      return std::optional(InterfaceType::kStartChild);
    default:
      return InvalidField(field, "is none that is known");
  }
}

v1::InterfaceType TypeOf(InterfaceType type) {
  switch (type) {
    case InterfaceType::kSignal:
      return v1::INTERFACE_TYPE_SIGNAL;
    case InterfaceType::kQuery:
      return v1::INTERFACE_TYPE_QUERY;
    case InterfaceType::kUpdate:
      return v1::INTERFACE_TYPE_UPDATE;
    case InterfaceType::kStartChild:
      return v1::INTERFACE_TYPE_START_CHILD;
  }
  return v1::INTERFACE_TYPE_UNSPECIFIED;
}

absl::StatusOr<std::string> SchemaFrom(const google::protobuf::Struct& schema,
                                       std::string_view field) {
  absl::StatusOr<std::string> text = json::FromProto(schema);
  if (!text.ok()) return InvalidField(field, std::string(text.status().message()));
  return text;
}

// What may change.
absl::StatusOr<ServiceInterface> ConfigFrom(const auth::CallContext& caller,
                                            const v1::ServiceInterface& proto) {
  RETURN_IF_ERROR(CheckTenantId(caller, proto.tenant_id(), "service_interface.tenant_id"));
  ServiceInterface interface;
  interface.display_name = proto.display_name();
  interface.description = proto.description();
  interface.is_public = proto.is_public();
  ASSIGN_OR_RETURN(interface.payload_schema,
                   SchemaFrom(proto.payload_schema(), "service_interface.payload_schema"));
  if (proto.has_return_schema()) {
    ASSIGN_OR_RETURN(interface.return_schema,
                     SchemaFrom(proto.return_schema(), "service_interface.return_schema"));
  }
  return interface;
}

FieldNames SetIn(const v1::ServiceInterface& proto) {
  FieldNames set;
  if (!proto.display_name().empty()) set.insert("display_name");
  if (!proto.description().empty()) set.insert("description");
  if (proto.has_payload_schema()) set.insert("payload_schema");
  if (proto.has_return_schema()) set.insert("return_schema");
  if (proto.is_public()) set.insert("is_public");
  return set;
}

}  // namespace

absl::StatusOr<ServiceInterface> FromProto(const auth::CallContext& caller,
                                           const v1::CreateServiceInterfaceRequest& request) {
  const v1::ServiceInterface& proto = request.service_interface();
  ASSIGN_OR_RETURN(ServiceInterface interface, ConfigFrom(caller, proto));
  ASSIGN_OR_RETURN(interface.service,
                   ParseId<WorkflowId>(proto.service_id(), "service_interface.service_id"));
  ASSIGN_OR_RETURN(const auto type, TypeFrom(proto.type(), "service_interface.type"));
  if (!type) return InvalidField("service_interface.type", "is required");
  interface.type = *type;
  interface.name = proto.name();
  interface.callable_name = proto.callable_name();
  return interface;
}

absl::StatusOr<InterfaceQuery> FromProto(const v1::ListServiceInterfacesRequest& request) {
  InterfaceQuery query{.page_size = request.page_size(), .page_token = request.page_token()};
  ASSIGN_OR_RETURN(query.filter.service,
                   ParseOptionalId<WorkflowId>(request.service_id(), "service_id"));
  ASSIGN_OR_RETURN(query.filter.type, TypeFrom(request.type(), "type"));
  return query;
}

absl::StatusOr<InterfaceChange> FromProto(const auth::CallContext& caller,
                                          const v1::UpdateServiceInterfaceRequest& request) {
  const v1::ServiceInterface& proto = request.service_interface();
  InterfaceChange change;
  ASSIGN_OR_RETURN(change.interface, ConfigFrom(caller, proto));
  ASSIGN_OR_RETURN(change.interface.id, ParseId<InterfaceId>(proto.id(), "service_interface.id"));
  ASSIGN_OR_RETURN(change.fields, FieldsToChange(request.update_mask(), kChangeable, SetIn(proto)));
  // A mask says what is meant; without one everything that is set is.
  if (request.update_mask().paths_size() > 0) return change;
  ASSIGN_OR_RETURN(change.service,
                   ParseOptionalId<WorkflowId>(proto.service_id(), "service_interface.service_id"));
  ASSIGN_OR_RETURN(change.type, TypeFrom(proto.type(), "service_interface.type"));
  if (!proto.name().empty()) change.name = proto.name();
  if (!proto.callable_name().empty()) change.callable_name = proto.callable_name();
  return change;
}

absl::StatusOr<Invocation> FromProto(const auth::CallContext& caller,
                                     const v1::InvokeServiceInterfaceRequest& request) {
  Invocation invocation{.payload = request.payload(),
                        .idempotency_key = request.idempotency_key(),
                        .depth = request.depth()};
  ASSIGN_OR_RETURN(invocation.interface, ParseId<InterfaceId>(request.id(), "id"));
  ASSIGN_OR_RETURN(invocation.execution,
                   ParseOptionalId<ExecutionId>(request.execution_id(), "execution_id"));
  std::vector<FieldViolation> wrong;
  CheckText(request.idempotency_key(), "idempotency_key", {.max = 255}, wrong);
  if (!v1::InvokeWait_IsValid(request.wait())) wrong.push_back({"wait", "is none that is known"});
  if (request.wait() == v1::INVOKE_WAIT_COMPLETED) invocation.wait = InvokeWait::kCompleted;
  if (request.depth() != 0 && !caller.is_service()) {
    wrong.push_back({"depth", "is set by Penstock's own services only"});
  } else if (request.depth() < 0) {
    wrong.push_back({"depth", "must not be negative"});
  } else if (request.depth() > 0 && request.idempotency_key().empty()) {
    wrong.push_back({"idempotency_key", "is required with a depth, which is kept in it"});
  }
  if (!wrong.empty()) return BadRequest(wrong);
  return invocation;
}

absl::StatusOr<v1::ServiceInterface> ToProto(const ServiceInterface& interface) {
  v1::ServiceInterface proto;
  proto.set_id(interface.id.ToString());
  proto.set_tenant_id(interface.tenant.ToString());
  proto.set_service_id(interface.service.ToString());
  proto.set_name(interface.name);
  proto.set_display_name(interface.display_name);
  proto.set_description(interface.description);
  proto.set_type(TypeOf(interface.type));
  proto.set_callable_name(interface.callable_name);
  RETURN_IF_ERROR(json::ToProto(interface.payload_schema, *proto.mutable_payload_schema()));
  if (interface.return_schema) {
    RETURN_IF_ERROR(json::ToProto(*interface.return_schema, *proto.mutable_return_schema()));
  }
  proto.set_is_public(interface.is_public);
  SetTime(interface.created_at, *proto.mutable_create_time());
  SetTime(interface.updated_at, *proto.mutable_update_time());
  return proto;
}

absl::StatusOr<v1::ListServiceInterfacesResponse> ToProto(
    const paging::Page<ServiceInterface>& page) {
  v1::ListServiceInterfacesResponse proto;
  for (const ServiceInterface& interface : page.items) {
    ASSIGN_OR_RETURN(*proto.add_service_interfaces(), ToProto(interface));
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

absl::StatusOr<v1::GetByServiceResponse> ToProto(const std::vector<ServiceInterface>& interfaces) {
  v1::GetByServiceResponse proto;
  for (const ServiceInterface& interface : interfaces) {
    ASSIGN_OR_RETURN(*proto.add_service_interfaces(), ToProto(interface));
  }
  return proto;
}

v1::InvokeServiceInterfaceResponse ToProto(const InvocationResult& result) {
  v1::InvokeServiceInterfaceResponse proto;
  proto.set_execution_id(result.execution_id);
  if (result.result) *proto.mutable_result() = *result.result;
  return proto;
}

}  // namespace penstock::interfaces
