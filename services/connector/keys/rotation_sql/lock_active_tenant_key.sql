SELECT FROM connector.tenant_keys WHERE tenant_id = $1 AND key_version = $2 AND state = 'active' FOR SHARE
