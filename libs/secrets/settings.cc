#include "libs/secrets/settings.h"

namespace penstock::secrets {

using config::Type;

config::Declarations DeclareSettings() {
  return {
      {.name = "SECRET_READ_CHAIN",
       .default_text = "env,filesystem",
       .help = "Where secrets are looked for, in this order: env, filesystem, vault. Settings of "
               "type secret come from there by their own name, unless NAME_FILE says which file."},
      {.name = "SECRET_ENV_PREFIX",
       .default_text = "",
       .help = "What stands before the name of a secret in the environment."},
      {.name = "SECRET_FS_BASE_PATH",
       .type = Type::kPath,
       .default_text = "/run/secrets",
       .help = "Directory with one file a secret, named for it."},
      {.name = "VAULT_ADDR",
       .default_text = "",
       .help = "Vault, or an agent in front of it: https://vault.example:8200."},
      {.name = "VAULT_APP_SECRET_PATH",
       .default_text = "kv/data/app/secrets",
       .help = "The KV version 2 secret whose keys are our secrets: mount, /data/, path."},
      {.name = "VAULT_KV_MOUNT",
       .default_text = "",
       .help = "The mount, where it can't be told from VAULT_APP_SECRET_PATH, which then is the "
               "path behind it; empty = what stands before the first /data/."},
      {.name = "VAULT_NAMESPACE", .default_text = "", .help = "Namespace of the secret."},
      {.name = "VAULT_AUTH_NAMESPACE",
       .default_text = "",
       .help = "Namespace to log in to; empty = that of the secret."},
      {.name = "VAULT_AUTH_METHOD",
       .default_text = "token",
       .help = "How to log in.",
       .choices = {"token", "approle", "kubernetes"}},
      {.name = "VAULT_TOKEN",
       .type = Type::kSecret,
       .default_text = "",
       .help = "The token of method token; not looked for in the chain."},
      {.name = "VAULT_ROLE_ID", .default_text = "", .help = "Role id of method approle."},
      {.name = "VAULT_SECRET_ID",
       .type = Type::kSecret,
       .default_text = "",
       .help = "Secret id of method approle; not looked for in the chain. A file is read anew at "
               "each login."},
      {.name = "VAULT_APPROLE_MOUNT",
       .default_text = "approle",
       .help = "Where method approle is mounted."},
      {.name = "VAULT_KUBERNETES_ROLE", .default_text = "", .help = "Role of method kubernetes."},
      {.name = "VAULT_KUBERNETES_TOKEN_FILE",
       .type = Type::kPath,
       .default_text = "/var/run/secrets/kubernetes.io/serviceaccount/token",
       .help = "The service account's token, read anew at each login."},
      {.name = "VAULT_KUBERNETES_MOUNT",
       .default_text = "kubernetes",
       .help = "Where method kubernetes is mounted."},
      {.name = "VAULT_CACERT",
       .type = Type::kPath,
       .default_text = "",
       .help = "PEM file of who signed Vault's certificate; empty = the system's."},
      {.name = "VAULT_CLIENT_TIMEOUT",
       .type = Type::kDuration,
       .default_text = "5s",
       .help = "How long one request to Vault may take.",
       .minimum = 0.01,
       .maximum = 60},
      {.name = "VAULT_RETRY_TIMEOUT",
       .type = Type::kDuration,
       .default_text = "30s",
       .help = "How long Vault is asked again while it is sealed, on standby or away.",
       .minimum = 0,
       .maximum = 600},
  };
}

}  // namespace penstock::secrets
