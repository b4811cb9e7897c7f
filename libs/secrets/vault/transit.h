// Vault's transit engine (OpenBao's, too): bytes are encrypted there under a key that never leaves
// it. Ciphertexts are texts, "vault:v1:...".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"
#include "libs/secrets/vault/session.h"

namespace penstock::secrets::vault {

class Transit {
 public:
  // `mount` and `key` have passed CheckPath; the key is one that takes associated data
  // (aes256-gcm96, chacha20-poly1305, or OpenBao's xchacha20-poly1305).
  Transit(std::unique_ptr<Session> session, std::string mount, std::string key,
          std::string name_space);

  // UNAVAILABLE: sealed, on standby or away. PERMISSION_DENIED: the policy does not give update on
  // this path, or there is no such key. Messages hold no value and no credential.
  absl::StatusOr<std::string> Encrypt(const crypto::Secret& plaintext,
                                      std::string_view associated) const;
  // DATA_LOSS: encrypted under another key, with other associated data, or changed.
  absl::StatusOr<crypto::Secret> Decrypt(std::string_view ciphertext,
                                         std::string_view associated) const;

  const std::string& mount() const { return mount_; }
  const std::string& key() const { return key_; }

 private:
  absl::StatusOr<Reply> Ask(std::string_view verb, const crypto::Secret& body,
                            std::string_view hushed) const;

  const std::unique_ptr<Session> session_;
  const std::string mount_, key_, name_space_;
};

}  // namespace penstock::secrets::vault
