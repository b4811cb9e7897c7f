// A Vault that the shared cases set up and then use as our clients do: the double of
// libs/secrets/testing, or a real Vault or OpenBao. Which one is a matter of what is linked in.
#pragma once

#include <memory>
#include <string>

#include "libs/secrets/testing/token_rules.h"
#include "libs/secrets/vault/transport.h"
#include "libs/testing/simulated_clock.h"
#include "nlohmann/json.hpp"

namespace penstock::secrets {

struct AppRole {
  std::string role_id, secret_id;
};

// Mounts, keys, policies and tokens are this object's alone and end with it.
class Vault {
 public:
  virtual ~Vault() = default;

  virtual const vault::Transport::Options& transport() const = 0;
  // Where its engines are mounted: KV version 2, transit, and the login AppRole below auth/.
  virtual const std::string& kv() const = 0;
  virtual const std::string& transit() const = 0;
  virtual const std::string& approle() const = 0;

  // Another version of a secret.
  virtual void Write(const std::string& path, const nlohmann::json& data) = 0;
  virtual void DeleteLatest(const std::string& path) = 0;
  virtual void DestroyLatest(const std::string& path) = 0;

  // Another version of a key; makes it where there is none.
  virtual void RotateKey(const std::string& key) = 0;
  virtual void SetMinDecryptionVersion(const std::string& key, int version) = 0;
  virtual void DeleteKey(const std::string& key) = 0;

  // Both end: `ttl` is not zero.
  virtual std::string MakeToken(const TokenRules& rules) = 0;
  virtual AppRole AddAppRole(const TokenRules& rules) = 0;
  // Takes back every token that a login gave.
  virtual void RevokeLogins() = 0;

  virtual void SetSealed(bool sealed) = 0;
};

// Ends the process, saying why, when there is none to be had. The clock is that of the clients, and
// the double's; a real Vault has its own.
std::unique_ptr<Vault> OpenVault(const testing::SimulatedClock& clock);

}  // namespace penstock::secrets
