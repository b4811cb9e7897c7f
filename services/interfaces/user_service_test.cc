// UserService over gRPC on a real database: who may change whom, and what goes with it.
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/interfaces/testing/identity_fixture.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;
using penstock::testing::Check;
using testing::IdentityFixture;
using testing::kPassword;

constexpr char kAda[] = "ada@example.com";

struct Service : IdentityFixture {
  Service()
      : other(AddApiKey(slow, auth::Role::kOwner)), admin(AddApiKey(acme, auth::Role::kAdmin)) {}

  template <typename Request, typename Response>
  absl::StatusOr<Response> ById(grpc::Status (v1::UserService::Stub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              Response*),
                                const std::string& id, const std::string& credential) {
    Request request;
    request.set_id(id);
    return Call(method, *users, request, credential);
  }
  absl::StatusOr<v1::User> Get(const std::string& id, const std::string& credential) {
    return ById(&v1::UserService::Stub::GetUser, id, credential);
  }
  absl::StatusOr<v1::User> SetRoles(const std::string& id, std::vector<v1::Role> roles,
                                    const std::string& credential) {
    v1::SetUserRolesRequest request;
    request.set_id(id);
    for (v1::Role role : roles) request.add_roles(role);
    return Call(&v1::UserService::Stub::SetUserRoles, *users, request, credential);
  }
  absl::StatusOr<v1::User> Update(const v1::User& user, std::vector<std::string> mask,
                                  const std::string& credential) {
    v1::UpdateUserRequest request;
    *request.mutable_user() = user;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return Call(&v1::UserService::Stub::UpdateUser, *users, request, credential);
  }
  std::string Add(const std::string& email, v1::Role role) {
    return Check(CreateUser(email, role, owner), "create").user().id();
  }

  std::string other, admin;
};

std::set<std::string> Fields(const absl::Status& status) {
  std::set<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.insert(violation.field);
  return fields;
}

TEST_CASE_METHOD(Service, "a user is made with a password that is shown once") {
  const auto created = CreateUser("Ada@Example.com", v1::ROLE_DEVELOPER, admin);
  REQUIRE(created.ok());
  CHECK(created->temporary_password().size() >= 12);
  CHECK(created->user().tenant_id() == acme.ToString());
  const auto user = Get(created->user().id(), AddApiKey(acme, auth::Role::kViewer));
  REQUIRE(user.ok());
  CHECK(user->email() == "Ada@Example.com");
  CHECK(user->status() == v1::USER_STATUS_ACTIVE);
  CHECK(user->roles_size() == 1);
  CHECK(user->roles(0) == v1::ROLE_DEVELOPER);
  CHECK(user->must_change_password());
  CHECK_FALSE(user->has_last_login_time());
  CHECK(user->DebugString().find(created->temporary_password()) == std::string::npos);
  CHECK(AuditLog().front() == "user.created user/" + created->user().id());
}

TEST_CASE_METHOD(Service, "wrong fields of a new user are named, all at once") {
  v1::CreateUserRequest request;
  request.mutable_user()->set_email("no address");
  request.mutable_user()->set_first_name(std::string(101, 'x'));
  request.mutable_user()->set_last_name("a\1b");
  auto create = [&] {
    return Call(&v1::UserService::Stub::CreateUser, *users, request, owner).status();
  };
  CHECK(Fields(create()) ==
        std::set<std::string>{"user.email", "user.first_name", "user.last_name"});
  request.mutable_user()->Clear();
  request.mutable_user()->set_email(kAda);
  request.mutable_user()->set_tenant_id(slow.ToString());
  CHECK(Fields(create()) == std::set<std::string>{"user.tenant_id"});
  request.mutable_user()->clear_tenant_id();
  request.mutable_user()->add_roles(static_cast<v1::Role>(77));
  CHECK(Fields(create()) == std::set<std::string>{"user.roles"});
  CHECK(AuditLog().empty());
}

TEST_CASE_METHOD(Service, "an address is taken once in a tenant, and a refusal leaves nothing") {
  Add(kAda, v1::ROLE_VIEWER);
  const absl::Status taken = CreateUser("ADA@example.com", v1::ROLE_VIEWER, owner).status();
  CHECK(absl::IsAlreadyExists(taken));
  CHECK(ReasonOf(taken) == "EMAIL_TAKEN");
  CHECK(CreateUser(kAda, v1::ROLE_VIEWER, other).ok());
  CHECK(AuditLog().size() == 1);
  const std::string bob = Add("bob@example.com", v1::ROLE_VIEWER);
  v1::User user;
  user.set_id(bob);
  user.set_email("Ada@example.com");
  CHECK(ReasonOf(Update(user, {"email"}, owner).status()) == "EMAIL_TAKEN");
}

TEST_CASE_METHOD(Service, "users of another tenant are not there") {
  const std::string ada = Add(kAda, v1::ROLE_VIEWER);
  v1::User user;
  user.set_id(ada);
  user.set_first_name("Eve");
  CHECK(absl::IsNotFound(Get(ada, other).status()));
  CHECK(absl::IsNotFound(Update(user, {}, other).status()));
  CHECK(absl::IsNotFound(ById(&v1::UserService::Stub::DisableUser, ada, other).status()));
  CHECK(absl::IsNotFound(ById(&v1::UserService::Stub::EnableUser, ada, other).status()));
  CHECK(absl::IsNotFound(ById(&v1::UserService::Stub::ResetUserPassword, ada, other).status()));
  CHECK(absl::IsNotFound(ById(&v1::UserService::Stub::DeleteUser, ada, other).status()));
  CHECK(absl::IsNotFound(SetRoles(ada, {v1::ROLE_OWNER}, other).status()));
  const auto list = Call(&v1::UserService::Stub::ListUsers, *users, v1::ListUsersRequest(), other);
  CHECK(list->total_size() == 0);
  CHECK(Get(ada, owner)->first_name() == "Ada");
}

TEST_CASE_METHOD(Service, "an update changes what its mask names and nothing else") {
  v1::User user = Check(CreateUser(kAda, v1::ROLE_VIEWER, owner), "create").user();
  user.set_first_name("Augusta");
  user.set_last_name("King");
  CHECK(Update(user, {"last_name"}, admin)->first_name() == "Ada");
  CHECK(Update(user, {"*"}, admin)->first_name() == "Augusta");
  user.clear_first_name();
  CHECK(Update(user, {}, admin)->first_name() == "Augusta");
  CHECK(Update(user, {"first_name"}, admin)->first_name() == "");
  CHECK(Fields(Update(user, {"status"}, admin).status()) == std::set<std::string>{"update_mask"});
  CHECK(Fields(Update(user, {"roles"}, admin).status()) == std::set<std::string>{"update_mask"});
  user.clear_email();
  CHECK(Fields(Update(user, {"email"}, admin).status()) == std::set<std::string>{"user.email"});
}

TEST_CASE_METHOD(Service, "nobody gives a role above their own, or changes who has one") {
  const std::string boss = Add("boss@example.com", v1::ROLE_OWNER);
  const std::string ada = Add(kAda, v1::ROLE_VIEWER);
  v1::User user;
  user.set_id(boss);
  user.set_email("mine@example.com");
  for (const absl::Status& status :
       {CreateUser("x@example.com", v1::ROLE_OWNER, admin).status(),
        SetRoles(ada, {v1::ROLE_VIEWER, v1::ROLE_OWNER}, admin).status(),
        SetRoles(boss, {v1::ROLE_VIEWER}, admin).status(), Update(user, {}, admin).status(),
        ById(&v1::UserService::Stub::DisableUser, boss, admin).status(),
        ById(&v1::UserService::Stub::ResetUserPassword, boss, admin).status(),
        ById(&v1::UserService::Stub::DeleteUser, boss, admin).status()}) {
    CHECK(absl::IsPermissionDenied(status));
    CHECK(ReasonOf(status) == "ROLE_ABOVE_OWN");
  }
  CHECK(SetRoles(ada, {v1::ROLE_ADMIN}, admin).ok());
}

TEST_CASE_METHOD(Service, "a tenant keeps an active owner") {
  const std::string first = Add("first@example.com", v1::ROLE_OWNER);
  const std::string second = Add("second@example.com", v1::ROLE_OWNER);
  Check(ById(&v1::UserService::Stub::DisableUser, second, owner).status(), "disable");
  for (const absl::Status& status :
       {SetRoles(first, {v1::ROLE_ADMIN}, owner).status(),
        ById(&v1::UserService::Stub::DisableUser, first, owner).status(),
        ById(&v1::UserService::Stub::DeleteUser, first, owner).status()}) {
    CHECK(absl::IsFailedPrecondition(status));
    CHECK(ReasonOf(status) == "LAST_OWNER");
  }
  Check(ById(&v1::UserService::Stub::EnableUser, second, owner).status(), "enable");
  CHECK(SetRoles(first, {v1::ROLE_ADMIN}, owner).ok());
}

TEST_CASE_METHOD(Service, "of owners who take the role from each other at once, one stays") {
  for (int round = 0; round < 5; ++round) {
    std::vector<std::string> owners;
    for (int i = 0; i < 4; ++i)
      owners.push_back(Add(fmt::format("o{}-{}@example.com", round, i), v1::ROLE_OWNER));
    std::vector<std::thread> threads;
    for (const std::string& id : owners) {
      threads.emplace_back([&] { (void)ById(&v1::UserService::Stub::DeleteUser, id, owner); });
    }
    for (std::thread& thread : threads) thread.join();
    v1::ListUsersRequest request;
    request.set_role(v1::ROLE_OWNER);
    CHECK(Call(&v1::UserService::Stub::ListUsers, *users, request, owner)->total_size() == 1);
  }
}

TEST_CASE_METHOD(
    Service,
    "a disabled user can't sign in, stay signed in, or use a key; enabled again only sign in") {
  const v1::Tokens ada = AddPerson(kAda, v1::ROLE_DEVELOPER);
  v1::CreateApiKeyRequest create;
  create.mutable_api_key()->set_name("mine");
  const auto key =
      Check(Call(&v1::ApiKeyService::Stub::CreateApiKey, *keys, create, ada.access_token()),
            "make a key");
  CHECK(key.api_key().user_id() == ada.user_id());
  CHECK(ById(&v1::UserService::Stub::DisableUser, ada.user_id(), admin)->status() ==
        v1::USER_STATUS_DISABLED);
  CHECK_FALSE(Login(kAda, kPassword).ok());
  CHECK_FALSE(Refresh(ada.refresh_token()).ok());
  CHECK(absl::IsUnauthenticated(Get(ada.user_id(), key.key()).status()));
  Check(ById(&v1::UserService::Stub::EnableUser, ada.user_id(), admin).status(), "enable");
  CHECK(Login(kAda, kPassword).ok());
  CHECK_FALSE(Refresh(ada.refresh_token()).ok());
  CHECK(absl::IsUnauthenticated(Get(ada.user_id(), key.key()).status()));
}

TEST_CASE_METHOD(Service, "fewer roles revoke the keys that may do more") {
  const v1::Tokens ada = AddPerson(kAda, v1::ROLE_ADMIN);
  auto make = [&](v1::Role role) {
    v1::CreateApiKeyRequest create;
    create.mutable_api_key()->set_name("mine");
    create.mutable_api_key()->set_role(role);
    return Check(Call(&v1::ApiKeyService::Stub::CreateApiKey, *keys, create, ada.access_token()),
                 "make a key")
        .key();
  };
  const std::string as_admin = make(v1::ROLE_ADMIN);
  const std::string as_viewer = make(v1::ROLE_VIEWER);
  Check(SetRoles(ada.user_id(), {v1::ROLE_OPERATOR}, owner).status(), "set roles");
  CHECK(absl::IsUnauthenticated(Get(ada.user_id(), as_admin).status()));
  CHECK(Get(ada.user_id(), as_viewer).ok());
}

TEST_CASE_METHOD(Service, "a reset gives a new temporary password and ends the sessions") {
  const v1::Tokens ada = AddPerson(kAda, v1::ROLE_VIEWER);
  const auto reset =
      Check(ById(&v1::UserService::Stub::ResetUserPassword, ada.user_id(), admin), "reset");
  CHECK_FALSE(Refresh(ada.refresh_token()).ok());
  CHECK(ReasonOf(Login(kAda, kPassword).status()) == "BAD_CREDENTIALS");
  CHECK(ReasonOf(Login(kAda, reset.temporary_password()).status()) == "PASSWORD_CHANGE_REQUIRED");
  CHECK(ChangePassword(kAda, reset.temporary_password(), kPassword).ok());
}

TEST_CASE_METHOD(Service,
                 "a deleted user is gone with sessions and keys, and stays in the audit log") {
  const v1::Tokens ada = AddPerson(kAda, v1::ROLE_DEVELOPER);
  CHECK(ById(&v1::UserService::Stub::DeleteUser, ada.user_id(), owner).ok());
  CHECK(absl::IsNotFound(Get(ada.user_id(), owner).status()));
  CHECK(absl::IsNotFound(ById(&v1::UserService::Stub::DeleteUser, ada.user_id(), owner).status()));
  CHECK_FALSE(Refresh(ada.refresh_token()).ok());
  CHECK(AuditLog().front() == "user.deleted user/" + ada.user_id());
  CHECK(CreateUser(kAda, v1::ROLE_VIEWER, owner).ok());
}

TEST_CASE_METHOD(Service,
                 "lists come in pages, newest first, narrowed by status, role and address") {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(
        Add(fmt::format("u{}@example.com", i), i == 2 ? v1::ROLE_ADMIN : v1::ROLE_VIEWER));
  Check(ById(&v1::UserService::Stub::DisableUser, ids[4], owner).status(), "disable");
  v1::ListUsersRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto page =
        Check(Call(&v1::UserService::Stub::ListUsers, *users, request, owner), "list");
    CHECK(page.total_size() == 5);
    for (const v1::User& user : page.users()) seen.insert(seen.begin(), user.id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  CHECK(seen == ids);
  auto only = [&](auto narrow) {
    v1::ListUsersRequest narrowed;
    narrow(narrowed);
    const auto page =
        Check(Call(&v1::UserService::Stub::ListUsers, *users, narrowed, owner), "list");
    CHECK(page.total_size() == page.users_size());
    return page.users_size() == 1 ? page.users(0).id() : fmt::format("{} users", page.users_size());
  };
  CHECK(only([](auto& r) { r.set_status(v1::USER_STATUS_DISABLED); }) == ids[4]);
  CHECK(only([](auto& r) { r.set_role(v1::ROLE_ADMIN); }) == ids[2]);
  CHECK(only([](auto& r) { r.set_email("U1@Example.com"); }) == ids[1]);
  CHECK(only([](auto& r) { r.set_email("u1"); }) == "0 users");
  request.set_page_size(-1);
  CHECK(Fields(Call(&v1::UserService::Stub::ListUsers, *users, request, owner).status()) ==
        std::set<std::string>{"page_size"});
  request.set_page_size(2);
  request.set_page_token("made up");
  CHECK(Fields(Call(&v1::UserService::Stub::ListUsers, *users, request, owner).status()) ==
        std::set<std::string>{"page_token"});
}

}  // namespace
}  // namespace penstock::interfaces
