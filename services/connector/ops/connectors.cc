#include "services/connector/ops/connectors.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/audit_log/append.h"
#include "libs/egress/url.h"
#include "libs/json/quote.h"
#include "libs/paging/id_position.h"
#include "libs/postgres/sqlstate.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/grant_store.h"
#include "services/connector/ops/from_provider.h"
#include "services/connector/outbound/target.h"

namespace penstock::connector {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;
using storage::Lock;

absl::Status Audit(Connection& connection, const CallContext& caller, std::string_view action,
                   const Connector& connector, const std::vector<std::string>& secrets = {}) {
  std::string details = R"({"name":)" + json::Quoted(connector.name);
  if (!secrets.empty()) {
    details += R"(,"secrets":[)";
    for (size_t i = 0; i < secrets.size(); ++i) {
      details += (i > 0 ? "," : "") + json::Quoted(secrets[i]);
    }
    details += "]";
  }
  return audit_log::AppendAudit(connection, caller,
                                {.action = action,
                                 .resource_type = "connector",
                                 .resource_id = connector.id.ToString(),
                                 .details = details + "}"});
}

std::vector<std::string> NamesOf(const SecretValues& secrets) {
  std::vector<std::string> names;
  for (const auto& [name, value] : secrets) names.push_back(name);
  return names;
}

std::map<std::string, crypto::Secret> Copy(const SecretValues& secrets) {
  std::map<std::string, crypto::Secret> copy;
  for (const auto& [name, value] : secrets) copy.emplace(name, crypto::Secret(value.Reveal()));
  return copy;
}

// When those end that say so.
PutOptions OptionsFor(const ConnectorContext& context, const Connector& connector,
                      const SecretValues& secrets) {
  PutOptions options;
  const AuthStrategy* strategy = context.strategies.Find(connector.auth_type);
  for (const auto& [name, value] : secrets) {
    if (const auto end = strategy->ExpiryOf(name, value.Reveal())) options.expire_at[name] = *end;
  }
  return options;
}

absl::Status PutSecrets(const ConnectorContext& context, Connection& connection,
                        const Connector& connector, const SecretValues& secrets) {
  return context.credentials.Put(connection, OwnerOf(connector), Copy(secrets),
                                 OptionsFor(context, connector, secrets));
}

absl::StatusOr<ConnectorView> LoadView(const ConnectorContext& context, Connection& connection,
                                       const CallContext& caller, ConnectorId id) {
  ASSIGN_OR_RETURN(Connector connector, FindConnector(connection, caller, id, Lock::kNone));
  std::vector<Connector> one;
  one.push_back(std::move(connector));
  ASSIGN_OR_RETURN(std::vector<ConnectorView> views,
                   ViewConnectors(context, connection, caller.tenant, std::move(one)));
  return std::move(views.front());
}

absl::Status Check(const ConnectorContext& context, const Connector& connector,
                   const SecretValues& secrets) {
  std::vector<FieldViolation> wrong;
  CheckConnector(connector, context.strategies, context.plain_http, wrong);
  if (connector.secret_storage == SecretStorage::kVault) {
    if (!context.has_vault) {
      wrong.push_back({"connector.secret_storage", "there is no Vault for secrets here"});
    }
    if (!secrets.empty()) wrong.push_back({"secrets", "are entered in Vault, at vault_path"});
  }
  if (wrong.empty()) {
    CheckSecrets(connector, context.strategies, secrets, context.clock.Now(), wrong);
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

// A key that is limited to a project makes what is in it.
absl::Status PlaceInProject(const CallContext& caller, Connector& connector) {
  if (!caller.project) return absl::OkStatus();
  if (connector.project && connector.project != caller.project) {
    return absl::NotFoundError("there is no such project");
  }
  connector.project = caller.project;
  return absl::OkStatus();
}

// What an earlier call of this request id made, if there was one.
absl::StatusOr<std::optional<ConnectorView>> FindEarlier(const ConnectorContext& context,
                                                         Connection& connection,
                                                         const CallContext& caller,
                                                         const storage::CreateRequest& request) {
  if (request.id.empty()) return std::optional<ConnectorView>();
  ASSIGN_OR_RETURN(const auto earlier,
                   storage::FindConnectorByRequest(connection, caller.tenant, request.id));
  if (!earlier) return std::optional<ConnectorView>();
  if (earlier->hash != request.hash) {
    return WithReason(absl::AlreadyExistsError("request_id was used to create another connector"),
                      "REQUEST_ID_REUSED");
  }
  ASSIGN_OR_RETURN(ConnectorView view, LoadView(context, connection, caller, earlier->connector));
  return std::optional<ConnectorView>(std::move(view));
}

// Tokens of a grant go where its own connector may send, whichever connector uses it: or whoever
// can make a connector could have them sent to a host of theirs.
absl::Status CheckGrant(Connection& connection, const CallContext& caller,
                        const Connector& connector) {
  if (!connector.grant) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const Grant grant,
      storage::LoadGrant(connection, caller.tenant, *connector.grant, storage::GrantLock::kNone));
  const ConnectorId owner_id(grant.connector);
  if (owner_id == connector.id) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Connector owner, FindConnector(connection, caller, owner_id, Lock::kNone));
  ASSIGN_OR_RETURN(const Target target, Target::Create(owner.base_url, owner.allowed_hosts));
  ASSIGN_OR_RETURN(const egress::Url url, egress::Url::Parse(connector.base_url));
  if (target.Admits(url)) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(fmt::format(
          "the grant's tokens are for the hosts of connector \"{}\", and {} is none of them",
          owner.name, url.host())),
      "GRANT_OF_OTHER_HOSTS");
}

absl::Status NameTaken(const absl::Status& status, const std::string& name) {
  if (postgres::ConstraintOf(status) != "integration_connectors_name_unique") return status;
  return WithReason(
      absl::AlreadyExistsError(fmt::format("there is a connector \"{}\" already", name)),
      "CONNECTOR_NAME_TAKEN");
}

absl::StatusOr<ConnectorView> Insert(const ConnectorContext& context, Connection& connection,
                                     const CallContext& caller, const NewConnector& asked) {
  const storage::CreateRequest request{asked.request_id, asked.request_hash};
  ASSIGN_OR_RETURN(std::optional<ConnectorView> earlier,
                   FindEarlier(context, connection, caller, request));
  if (earlier) return *std::move(earlier);
  const Connector& connector = asked.connector;
  if (connector.project) {
    ASSIGN_OR_RETURN(const bool exists,
                     storage::HasProject(connection, caller.tenant, *connector.project));
    if (!exists) return absl::NotFoundError("there is no such project");
  }
  RETURN_IF_ERROR(CheckGrant(connection, caller, connector));
  RETURN_IF_ERROR(NameTaken(storage::InsertConnector(connection, connector, caller.user, request),
                            connector.name));
  if (!asked.secrets.empty()) {
    RETURN_IF_ERROR(PutSecrets(context, connection, connector, asked.secrets));
  }
  ASSIGN_OR_RETURN(ConnectorView view, LoadView(context, connection, caller, connector.id));
  RETURN_IF_ERROR(
      Audit(connection, caller, "connector.created", connector, NamesOf(asked.secrets)));
  return view;
}

void Apply(const ConnectorChange& change, Connector& connector) {
  const Connector& to = change.connector;
  const auto changes = [&](std::string_view field) { return change.fields.contains(field); };
  if (changes("display_name")) connector.display_name = to.display_name;
  if (changes("description")) connector.description = to.description;
  if (changes("auth_config")) connector.auth_config = to.auth_config;
  if (changes("base_url")) connector.base_url = to.base_url;
  if (changes("allowed_hosts")) connector.allowed_hosts = to.allowed_hosts;
  if (changes("secret_storage")) connector.secret_storage = to.secret_storage;
  if (changes("grant_id")) connector.grant = to.grant;
  if (changes("config_schema")) connector.config_schema = to.config_schema;
  if (changes("config_data")) connector.config_data = to.config_data;
  if (changes("api_spec")) connector.api_spec = to.api_spec;
  if (changes("scopes")) connector.scopes = to.scopes;
  if (changes("classifications")) connector.classifications = to.classifications;
  if (changes("metadata")) connector.metadata = to.metadata;
  if (changes("test_request")) connector.test_request = to.test_request;
  if (changes("pagination")) connector.pagination = to.pagination;
  if (changes("rate_limit")) connector.rate_limit = to.rate_limit;
  if (changes("timeout")) connector.timeout = to.timeout;
  if (changes("is_active")) connector.is_active = to.is_active;
  if (connector.display_name.empty()) connector.display_name = connector.name;
}

// Whoever may change a connector is not thereby shown its secrets: sent elsewhere they would be.
absl::Status CheckDestinations(const ConnectorContext& context, const Connector& before,
                               const Connector& after, const std::vector<FieldInfo>& there,
                               const SecretValues& secrets) {
  if (DestinationsOf(before, context.strategies) == DestinationsOf(after, context.strategies)) {
    return absl::OkStatus();
  }
  std::vector<std::string> missing;
  for (const FieldInfo& field : there) {
    if (!secrets.contains(field.name)) missing.push_back(field.name);
  }
  if (after.grant && after.grant == before.grant) missing.push_back("grant_id");
  if (after.secret_storage == SecretStorage::kVault) missing.push_back("secret_storage");
  if (missing.empty()) return absl::OkStatus();
  return WithReason(absl::FailedPreconditionError(fmt::format(
                        "this changes where secrets go: they have to be entered with it ({})",
                        fmt::join(missing, ", "))),
                    "SECRETS_NEEDED", {{"fields", fmt::format("{}", fmt::join(missing, ","))}});
}

absl::StatusOr<ConnectorView> Change(const ConnectorContext& context, Connection& connection,
                                     const CallContext& caller, const ConnectorChange& change) {
  ASSIGN_OR_RETURN(const Connector before,
                   FindConnector(connection, caller, change.connector.id, Lock::kForChange));
  Connector after = before;
  Apply(change, after);
  RETURN_IF_ERROR(Check(context, after, change.secrets));
  const CredentialOwner owner = OwnerOf(after);
  ASSIGN_OR_RETURN(const std::vector<FieldInfo> there,
                   context.credentials.Fields(connection, owner));
  RETURN_IF_ERROR(CheckGrant(connection, caller, after));
  RETURN_IF_ERROR(CheckDestinations(context, before, after, there, change.secrets));
  if (after.secret_storage == SecretStorage::kVault && !there.empty()) {
    RETURN_IF_ERROR(context.credentials.RemoveAll(connection, owner));
  }
  RETURN_IF_ERROR(storage::UpdateConnector(connection, after));
  if (!change.secrets.empty()) {
    RETURN_IF_ERROR(PutSecrets(context, connection, after, change.secrets));
  }
  ASSIGN_OR_RETURN(ConnectorView view, LoadView(context, connection, caller, after.id));
  RETURN_IF_ERROR(Audit(connection, caller, "connector.updated", after, NamesOf(change.secrets)));
  return view;
}

std::string Describe(const storage::ConnectorFilter& filter) {
  return fmt::format("connectors {} {} {} {}", filter.project ? filter.project->ToString() : "*",
                     filter.service_name, filter.type ? ConnectorTypeName(*filter.type) : "*",
                     filter.is_active ? (*filter.is_active ? "active" : "inactive") : "*");
}

}  // namespace

absl::StatusOr<ConnectorView> CreateConnector(const ConnectorContext& context,
                                              const CallContext& caller, NewConnector asked) {
  Connector& connector = asked.connector;
  connector.id = ConnectorId::Make(context.clock.Now());
  connector.tenant = caller.tenant;
  RETURN_IF_ERROR(PlaceInProject(caller, connector));
  if (!asked.provider_id.empty()) {
    ASSIGN_OR_RETURN(const auto provider,
                     GetProvider(context.providers, caller, asked.provider_id));
    RETURN_IF_ERROR(FillFromProvider(provider, asked.variables, connector));
  } else if (!asked.variables.empty()) {
    return InvalidField("variables", "are a provider's: give provider_id");
  }
  if (connector.display_name.empty()) connector.display_name = connector.name;
  std::vector<FieldViolation> wrong;
  CheckText(asked.request_id, "request_id", {.max = 255}, wrong);
  if (!wrong.empty()) return BadRequest(wrong);
  RETURN_IF_ERROR(Check(context, connector, asked.secrets));
  if (!asked.secrets.empty()) RETURN_IF_ERROR(context.credentials.Prepare(caller.tenant));
  return RunInTransactionReturning<ConnectorView>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return Insert(context, connection, caller, asked); });
}

absl::StatusOr<ConnectorView> GetConnector(const ConnectorContext& context,
                                           const CallContext& caller, ConnectorId id) {
  return RunInTransactionReturning<ConnectorView>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return LoadView(context, connection, caller, id); });
}

absl::StatusOr<paging::Page<ConnectorView>> ListConnectors(const ConnectorContext& context,
                                                           const CallContext& caller,
                                                           const ConnectorQuery& query) {
  storage::ConnectorFilter filter = query.filter;
  if (caller.project) filter.project = caller.project;
  const std::string list = Describe(filter);
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(query.page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const auto before, paging::IdAt<ConnectorId>(position));
  using Page = paging::Page<ConnectorView>;
  return RunInTransactionReturning<Page>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Page> {
        Page page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountConnectors(connection, caller.tenant, filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(
            std::vector<Connector> found,
            storage::ListConnectors(connection, caller.tenant, filter, before, limit + 1));
        const bool has_more = found.size() > static_cast<size_t>(limit);
        if (has_more) found.pop_back();
        if (has_more) {
          page.next_page_token = paging::MakePageToken(paging::PositionOf(found.back().id), list);
        }
        ASSIGN_OR_RETURN(page.items,
                         ViewConnectors(context, connection, caller.tenant, std::move(found)));
        return page;
      });
}

absl::StatusOr<std::vector<Connector>> GetConnectorsByType(const ConnectorContext& context,
                                                           const CallContext& caller,
                                                           ConnectorType type,
                                                           std::optional<ProjectId> project) {
  if (caller.project) project = caller.project;
  return RunInTransactionReturning<std::vector<Connector>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<std::vector<Connector>> {
        return storage::ListConnectorsOfType(connection, caller.tenant, type, project);
      });
}

absl::StatusOr<ConnectorView> UpdateConnector(const ConnectorContext& context,
                                              const CallContext& caller, ConnectorChange change) {
  if (!change.secrets.empty()) RETURN_IF_ERROR(context.credentials.Prepare(caller.tenant));
  return RunInTransactionReturning<ConnectorView>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return Change(context, connection, caller, change); });
}

absl::StatusOr<ConnectorView> SetConnectorSecrets(const ConnectorContext& context,
                                                  const CallContext& caller, ConnectorId id,
                                                  SecretValues secrets,
                                                  const std::vector<std::string>& clear) {
  if (secrets.empty() && clear.empty()) return InvalidField("secrets", "none is given");
  if (!secrets.empty()) RETURN_IF_ERROR(context.credentials.Prepare(caller.tenant));
  return RunInTransactionReturning<ConnectorView>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<ConnectorView> {
        ASSIGN_OR_RETURN(const Connector connector,
                         FindConnector(connection, caller, id, Lock::kForChange));
        RETURN_IF_ERROR(Check(context, connector, secrets));
        const CredentialOwner owner = OwnerOf(connector);
        if (!clear.empty()) {
          RETURN_IF_ERROR(context.credentials.Remove(connection, owner, clear));
        }
        if (!secrets.empty()) {
          RETURN_IF_ERROR(PutSecrets(context, connection, connector, secrets));
        }
        RETURN_IF_ERROR(storage::TouchConnector(connection, caller.tenant, id));
        ASSIGN_OR_RETURN(ConnectorView view, LoadView(context, connection, caller, id));
        RETURN_IF_ERROR(
            Audit(connection, caller, "connector.secrets_set", connector, NamesOf(secrets)));
        return view;
      });
}

absl::Status DeleteConnector(const ConnectorContext& context, const CallContext& caller,
                             ConnectorId id) {
  return postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const Connector connector,
                         FindConnector(connection, caller, id, Lock::kForChange));
        RETURN_IF_ERROR(context.credentials.RemoveAll(connection, OwnerOf(connector)));
        RETURN_IF_ERROR(storage::DeleteConnector(connection, caller.tenant, id));
        return Audit(connection, caller, "connector.deleted", connector);
      });
}

}  // namespace penstock::connector
